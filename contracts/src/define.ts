import type { z } from "zod";
import type { Action } from "./policy/action.ts";
import type { Taint } from "./policy/taint.ts";

/** How risky it is to run a tool call again after a crash: see architecture §6. */
export type ToolClass = "pure" | "idempotent" | "keyed" | "unsafe";

/** The face that a request shows to the model. `toRequest` maps checked arguments, `toText` words the reply for the model. */
export interface ToolFace<Request, Reply> {
  readonly name: string;
  readonly description: string;
  readonly class: ToolClass;
  readonly input: z.ZodType;
  /** `judged`: what the policy looked at, so that nothing else happens than what it allowed. */
  readonly toRequest: (input: unknown, origin: Origin, judged?: JudgedFacts) => Request;
  readonly toText: (reply: Reply) => string;
  /** One short line for people, such as `apps/water/index.html`; never the whole argument. */
  readonly toLabel: (input: unknown) => string;
  /** What the call would do, for the policy. */
  readonly toAction: (input: unknown) => Action;
  /** Where the reply comes from; not set: from nobody but the owner. */
  readonly toTaint?: (reply: Reply) => readonly Taint[];
}

/** What a call was judged by that its arguments do not say. */
export interface JudgedFacts {
  /** The history entry that an undo takes back. */
  readonly entry?: string | undefined;
  /** Whose words were before it. */
  readonly taint?: readonly Taint[] | undefined;
}

/** Who caused something, and inside which turn. Recorded with every change. */
export interface Origin {
  readonly actor: string;
  readonly session?: string | undefined;
  readonly turn?: string | undefined;
  readonly call?: string | undefined;
  /** Whose words may have shaped it; not set or empty: only the owner's. */
  readonly taint?: Taint[] | undefined;
}

interface Described {
  /** `<domain>.<kind>.<name>`, which is also the path of the contract file. */
  readonly id: string;
  readonly summary: string;
}

/** Asked of one service, answered now, or failed with an `OsError`. */
export interface RequestContract<Request = unknown, Reply = unknown> extends Described {
  readonly kind: "request";
  readonly subject: string;
  readonly timeoutMs: number;
  readonly request: z.ZodType<Request>;
  readonly reply: z.ZodType<Reply>;
  readonly example: { readonly request: Request; readonly reply: Reply };
  readonly tool?: ToolFace<Request, Reply>;
}

/** A body published on `mx.<id>.<key>`; the kind decides the transport. */
export interface KeyedContract<Kind extends string = string, Body = unknown> extends Described {
  readonly kind: Kind;
  readonly body: z.ZodType<Body>;
  readonly example: Body;
  readonly subject: (key: string) => string;
  readonly anyKey: string;
}

/** Something that happened; kept for durable listeners. */
export type EventContract<Body = unknown> = KeyedContract<"event", Body>;
/** Work for exactly one service; at most one unfinished per key. */
export type CommandContract<Body = unknown> = KeyedContract<"command", Body>;
/** Heard now by whoever holds the key; a durable record stands beside it. */
export type ControlContract<Body = unknown> = KeyedContract<"control", Body>;
/** Numbered and lossy; always followed by something durable. */
export type DraftContract<Body = unknown> = KeyedContract<"draft", Body>;

/** Binary parts with credit on `mx.<id>.<transfer>`. */
export interface StreamContract extends Described {
  readonly kind: "stream";
  readonly subject: (transfer: string) => string;
  readonly anyKey: string;
}

/** Any message that crosses a process border. */
export type Contract =
  | RequestContract<never, never>
  | EventContract<never>
  | CommandContract<never>
  | ControlContract<never>
  | DraftContract<never>
  | StreamContract;

const TOKEN = /^[A-Za-z0-9_-]{1,80}$/;

/** Refuses keys that would change the meaning of a subject; user text is never a key. */
export function toSubjectToken(key: string): string {
  if (!TOKEN.test(key)) throw new TypeError("a subject key may hold only letters, digits, _ and - (1 to 80)");
  return key;
}

/** Only the schemas decide the types; examples and tool faces are held against them. */
type RequestDefinition<Request, Reply> = Omit<
  RequestContract<Request, Reply>,
  "kind" | "subject" | "timeoutMs" | "example" | "tool"
> & {
  readonly timeoutMs?: number;
  readonly example: { readonly request: NoInfer<Request>; readonly reply: NoInfer<Reply> };
  readonly tool?: ToolFace<NoInfer<Request>, NoInfer<Reply>>;
};

/** Declares a request; `id` is `<domain>.request.<name>`. */
export function defineRequest<Request, Reply>(
  definition: RequestDefinition<Request, Reply>,
): RequestContract<Request, Reply> {
  return { timeoutMs: 5_000, ...definition, kind: "request", subject: `mx.${definition.id}` };
}

type KeyedDefinition<Body> = Omit<KeyedContract<string, Body>, "kind" | "subject" | "anyKey">;

function defineKeyed<Kind extends string, Body>(
  kind: Kind,
  definition: KeyedDefinition<Body>,
): KeyedContract<Kind, Body> {
  const base = `mx.${definition.id}`;
  return { ...definition, kind, subject: (key) => `${base}.${toSubjectToken(key)}`, anyKey: `${base}.*` };
}

/** Declares an event; `id` is `<domain>.event.<name>`. */
export function defineEvent<Body>(definition: KeyedDefinition<Body>): EventContract<Body> {
  return defineKeyed("event", definition);
}

/** Declares a command; `id` is `<domain>.command.<name>`. */
export function defineCommand<Body>(definition: KeyedDefinition<Body>): CommandContract<Body> {
  return defineKeyed("command", definition);
}

/** Declares a control message; `id` is `<domain>.control.<name>`. */
export function defineControl<Body>(definition: KeyedDefinition<Body>): ControlContract<Body> {
  return defineKeyed("control", definition);
}

/** Declares a draft; `id` is `<domain>.draft.<name>`. */
export function defineDraft<Body>(definition: KeyedDefinition<Body>): DraftContract<Body> {
  return defineKeyed("draft", definition);
}

/** Declares a stream of binary parts; `id` is `<domain>.stream.<name>`. */
export function defineStream(definition: Described): StreamContract {
  const base = `mx.${definition.id}`;
  return {
    ...definition,
    kind: "stream",
    subject: (transfer) => `${base}.${toSubjectToken(transfer)}`,
    anyKey: `${base}.>`,
  };
}

/** A tool face with typed input; the input is checked by `input` before `toRequest` sees it. */
export function defineTool<Input, Request, Reply>(
  face: Omit<ToolFace<Request, Reply>, "input" | "toRequest" | "toLabel" | "toAction"> & {
    input: z.ZodType<Input>;
    toRequest: (input: Input, origin: Origin, judged?: JudgedFacts) => Request;
    toLabel: (input: Input) => string;
    toAction: (input: Input) => Action;
  },
): ToolFace<Request, Reply> {
  return {
    ...face,
    toRequest: (input, origin, judged) => face.toRequest(face.input.parse(input), origin, judged),
    toAction: (input) => face.toAction(face.input.parse(input)),
    toLabel: (input) => {
      const parsed = face.input.safeParse(input);
      return parsed.success ? face.toLabel(parsed.data) : "";
    },
  };
}
