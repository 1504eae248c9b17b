/** What a call amounts to, once it is known what it would touch. */
export type Deed =
  | "read"
  | "write-open"
  | "write-memory"
  | "write-protected"
  | "write-kept"
  | "write-policy"
  | "delete-many"
  | "run-offline"
  | "run-online"
  | "run-with-granted-hosts"
  | "end"
  | "fetch"
  | "fetch-with-data"
  | "fetch-elsewhere"
  | "send";

/** What the policy says about a deed before the owner's rules are looked at. */
export type Ruling = "allow" | "ask" | "refuse";

/**
 * The policy as data. `clean`: only the owner's words are in the conversation. `tainted`: words of somebody else are, so that the
 * model may be doing what they say.
 */
export const table: Readonly<Record<Deed, Readonly<Record<"clean" | "tainted", Ruling>>>> = {
  read: { clean: "allow", tainted: "allow" },
  "write-open": { clean: "allow", tainted: "allow" },
  "write-memory": { clean: "allow", tainted: "ask" },
  "write-protected": { clean: "ask", tainted: "ask" },
  "write-kept": { clean: "refuse", tainted: "refuse" },
  "write-policy": { clean: "refuse", tainted: "refuse" },
  "delete-many": { clean: "ask", tainted: "refuse" },
  "run-offline": { clean: "allow", tainted: "allow" },
  "run-online": { clean: "ask", tainted: "ask" },
  // The owner has named these hosts for commands, but not for what words of others make of them.
  "run-with-granted-hosts": { clean: "allow", tainted: "ask" },
  end: { clean: "allow", tainted: "allow" },
  fetch: { clean: "allow", tainted: "allow" },
  "fetch-with-data": { clean: "allow", tainted: "ask" },
  "fetch-elsewhere": { clean: "allow", tainted: "ask" },
  send: { clean: "ask", tainted: "ask" },
};

/** Files that one turn may delete, or one undo may touch, before it counts as many. */
export const MANY_FILES = 20;

/** Why each deed is asked about or refused, for people. */
export const reasons: Readonly<Record<Deed, string>> = {
  read: "Reading is asked about because the rules can't be read.",
  "write-open": "Changes are asked about because of a rule of yours.",
  "write-memory": "Later conversations would be told this, and words of others are in this one.",
  "write-protected": "This shapes how the system behaves.",
  "write-kept": "These are the system's own books.",
  "write-policy": "Rules about approvals are changed by the owner's own hand, never by a tool.",
  "delete-many": `More than ${MANY_FILES} files would be deleted or put back.`,
  "run-offline": "Commands are asked about because of a rule of yours.",
  "run-online": "The command could send data to these hosts.",
  "run-with-granted-hosts": "The command could send data to these hosts, and words of others are in this conversation.",
  end: "Ending what it began is asked about because of a rule of yours.",
  fetch: "Web pages are asked about because of a rule of yours.",
  "fetch-with-data": "The address carries data, and words of others are in this conversation.",
  "fetch-elsewhere": "You have not named this host, and words of others are in this conversation.",
  send: "Somebody outside this conversation would get this.",
};
