import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** What ties the messages of one request together across services. */
export interface Trace {
  /** W3C `traceparent`. */
  readonly traceparent: string;
  /** Stays the same from the first message of a walk to its last. */
  readonly correlation: string;
}

const current = new AsyncLocalStorage<Trace>();

/** The trace of the message that is being handled here, if one is. */
export function handledTrace(): Trace | undefined {
  return current.getStore();
}

/** The trace of the message that is being handled here, or a new one. */
export function currentTrace(): Trace {
  return current.getStore() ?? startTrace();
}

/** Runs `work` so that every message it sends carries `trace`. */
export function withTrace<Result>(trace: Trace, work: () => Result): Result {
  return current.run(trace, work);
}

/** A trace of its own, for the first message of a walk. */
export function startTrace(correlation: string = randomBytes(8).toString("hex")): Trace {
  return { traceparent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`, correlation };
}

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const CORRELATION = /^[A-Za-z0-9_.-]{1,64}$/;

/** A trace from texts of outside; what does not look like one is made new. */
export function toTrace(traceparent: string, correlation: string): Trace {
  const fresh = startTrace(CORRELATION.test(correlation) ? correlation : undefined);
  return TRACEPARENT.test(traceparent) ? { ...fresh, traceparent } : fresh;
}

/** The trace to send on: same trace and correlation, a new span. */
export function toChildTrace(trace: Trace): Trace {
  const [, traceId, , flags] = trace.traceparent.split("-");
  return { ...trace, traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-${flags}` };
}
