import type { OsError } from "@matrix-os/contracts/errors";
import type { Trace } from "./trace.ts";

/** What happened to one handled message; the runtime logs and counts it. */
export interface Handled {
  readonly contract: string;
  readonly key: string | undefined;
  readonly trace: Trace;
  readonly durationMs: number;
  /** `abandoned`: another worker has the message by now. */
  readonly outcome: "done" | "refused" | "retried" | "dead" | "abandoned";
  readonly error?: OsError;
}

/** Told of every handled message; must not throw. */
export type Observe = (handled: Handled) => void;

/** What a handler may need beside the body. */
export interface MessageContext {
  /** The subject key of keyed messages. */
  readonly key: string;
  /** Aborted when the service drains or the lease on the message is lost. */
  readonly signal: AbortSignal;
  /** 1 on first delivery. */
  readonly attempt: number;
}
