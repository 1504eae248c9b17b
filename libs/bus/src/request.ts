import { setTimeout as delay } from "node:timers/promises";
import type { RequestContract } from "@matrix-os/contracts/define";
import { OsError, fromZodError, rejected, toOsError, unavailable } from "@matrix-os/contracts/errors";
import { type Msg, NoRespondersError, PermissionViolationError, TimeoutError } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { decodeBody, decodeError, encodeBody, toHeaders } from "./envelope.ts";
import { toStopped, watchInterruption } from "./interruption.ts";

/** How long to wait and to try. */
export interface RequestOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Keep trying for this long while nobody answers; only for requests that are safe to repeat. */
  readonly retryForMs?: number;
  /** Which failures are tried again: `any-unavailable` (default), or `not-delivered`, when surely nobody has begun to handle it. */
  readonly retryAfter?: "any-unavailable" | "not-delivered";
}

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 1_000;

/** Asks and waits for the checked answer. Throws the peer's `OsError`, or `timed-out`, `no-responder`, `bus-down`, `stopped`. */
export async function sendRequest<Request, Reply>(
  connection: Connection,
  contract: RequestContract<Request, Reply>,
  call: { readonly body: Request; readonly options: RequestOptions },
): Promise<Reply> {
  const { options } = call;
  const payload = encodeBody(call.body);
  const deadline = performance.now() + (options.retryForMs ?? 0);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return toReply(contract, await exchange(connection, contract, { payload, options }));
    } catch (thrown) {
      const error = toOsError(thrown);
      if (!mayRetry(error, options) || performance.now() > deadline) throw error;
      await pause(error, attempt, options.signal);
    }
  }
}

interface Asked {
  readonly id: string;
  readonly subject: string;
  readonly timeoutMs: number;
}

async function exchange(
  connection: Connection,
  contract: Asked,
  call: { payload: string; options: RequestOptions },
): Promise<Msg> {
  const { signal, timeoutMs } = call.options;
  // Said into a lost connection it would be dropped: better to know now than after the time-out.
  if (!connection.isUp()) throw new NotSent(contract.id);
  using interruption = watchInterruption(connection, signal);
  const answer = connection.nats.request(contract.subject, call.payload, {
    timeout: timeoutMs ?? contract.timeoutMs,
    headers: toHeaders(contract.id, connection.name),
  });
  try {
    return await Promise.race([answer, interruption.happened]);
  } catch (cause) {
    throw toTransportError(contract.id, cause);
  }
}

/** `bus-down` before anything was sent. */
class NotSent extends OsError {
  constructor(what: string) {
    super("unavailable", "bus-down", { message: `${what} could not be sent` });
  }
}

function mayRetry(error: OsError, { retryAfter = "any-unavailable" }: RequestOptions): boolean {
  if (error.kind !== "unavailable") return false;
  return (
    retryAfter === "any-unavailable" ||
    error instanceof NotSent ||
    error.code === "no-responder" ||
    error.code === "busy"
  );
}

async function pause(error: OsError, attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const backOffMs = Math.min(FIRST_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS) * (0.75 + Math.random() / 2);
  await delay(Math.max(backOffMs, error.retryAfterMs ?? 0), undefined, { signal }).catch(() => {
    throw toStopped(signal);
  });
}

function toReply<Reply>(contract: { id: string; reply: RequestContract<never, Reply>["reply"] }, message: Msg): Reply {
  const error = decodeError(message);
  if (error !== undefined) throw error;
  const parsed = contract.reply.safeParse(decodeBody(message));
  if (!parsed.success)
    throw new TypeError(`${contract.id}: the reply does not fit its contract`, { cause: parsed.error });
  return parsed.data;
}

/** A client library's failure as one of our codes; what is one already stays. */
export function toTransportError(what: string, cause: unknown): OsError {
  if (cause instanceof OsError) return cause;
  if (stemsFrom(cause, NoRespondersError)) return unavailable("no-responder", `nobody answers ${what}`, { cause });
  if (stemsFrom(cause, TimeoutError)) return unavailable("timed-out", `no answer to ${what} in time`, { cause });
  // The catalog left a permission out: trying again can't help.
  if (stemsFrom(cause, PermissionViolationError)) return toOsError(new Error(`the broker refuses ${what}`, { cause }));
  return unavailable("bus-down", `${what} could not be sent`, { cause });
}

function stemsFrom(thrown: unknown, type: abstract new (...args: never[]) => Error): boolean {
  if (!(thrown instanceof Error)) return false;
  const { cause } = thrown;
  return thrown instanceof type || stemsFrom(cause, type);
}

/** A body checked against its schema. Errors: `invalid`, naming the field. */
export function parseBody<Body>(schema: RequestContract<Body>["request"], message: { string(): string }): Body {
  const parsed = schema.safeParse(decodeBody(message));
  if (parsed.success) return parsed.data;
  throw parsed.error.issues.length > 0 ? fromZodError(parsed.error) : rejected("invalid", "the body does not fit");
}
