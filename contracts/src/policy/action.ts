/** What a tool call would do to the world, derived from its checked arguments alone; the policy judges it. */
export type Action =
  | { readonly do: "read" }
  /** Creates or changes files. `text` is the whole new content, where it is one. */
  | {
      readonly do: "write";
      readonly paths: readonly string[];
      readonly text?: string | undefined;
      readonly replacements?: readonly { readonly old: string; readonly new: string }[] | undefined;
    }
  | { readonly do: "move"; readonly from: string; readonly to: string }
  | { readonly do: "delete"; readonly paths: readonly string[] }
  /** Takes the newest change back, or redoes it. */
  | { readonly do: "undo"; readonly direction: "undo" | "redo" }
  /** Runs a command in the sandbox, before a copy of `folder`; `hosts` are those that it asks to reach. */
  | {
      readonly do: "run";
      readonly command: string;
      readonly folder?: string | undefined;
      readonly hosts: readonly string[];
    }
  /** Ends what it began itself. */
  | { readonly do: "end" }
  /** Asks a web server for something. */
  | { readonly do: "fetch"; readonly url: string }
  /** Says something to somebody outside this conversation. */
  | { readonly do: "send"; readonly recipient: string; readonly text: string };
