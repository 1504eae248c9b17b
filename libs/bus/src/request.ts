import { setTimeout as delay } from "node:timers/promises";
import type { RequestContract } from "@matrix-os/contracts/define";
import { type OsError, fromZodError, rejected, toOsError, unavailable } from "@matrix-os/contracts/errors";
import { type Msg, NoRespondersError, RequestError, TimeoutError } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { decodeBody, decodeError, encodeBody, toHeaders } from "./envelope.ts";

/** How long to wait and to try. */
export interface RequestOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Keep trying for this long while nobody answers; only for requests that are safe to repeat. */
  readonly retryForMs?: number;
}

/** Asks and waits for the checked answer. Throws the peer's `OsError`, or `timed-out`, `no-responder`, `bus-down`. */
export async function sendRequest<Request, Reply>(
  connection: Connection,
  contract: RequestContract<Request, Reply>,
  call: { readonly body: Request; readonly options: RequestOptions },
): Promise<Reply> {
  const payload = encodeBody(call.body);
  const deadline = Date.now() + (call.options.retryForMs ?? 0);
  for (let attempt = 0; ; attempt += 1) {
    call.options.signal?.throwIfAborted();
    try {
      return toReply(contract, await exchange(connection, contract, { payload, timeoutMs: call.options.timeoutMs }));
    } catch (thrown) {
      const error = toOsError(thrown);
      if (error.kind !== "unavailable" || Date.now() > deadline) throw error;
      await delay(Math.min(50 * 2 ** attempt, 1_000), undefined, { signal: call.options.signal });
    }
  }
}

async function exchange(
  connection: Connection,
  contract: RequestContract<never, never> | { id: string; subject: string; timeoutMs: number },
  call: { payload: string; timeoutMs: number | undefined },
): Promise<Msg> {
  try {
    return await connection.nats.request(contract.subject, call.payload, {
      timeout: call.timeoutMs ?? contract.timeoutMs,
      headers: toHeaders(contract.id, connection.name),
    });
  } catch (cause) {
    throw toTransportError(contract.id, cause);
  }
}

function toReply<Reply>(contract: { id: string; reply: RequestContract<never, Reply>["reply"] }, message: Msg): Reply {
  const error = decodeError(message);
  if (error !== undefined) throw error;
  const parsed = contract.reply.safeParse(decodeBody(message));
  if (!parsed.success) throw new TypeError(`${contract.id}: the reply does not fit its contract`, { cause: parsed.error });
  return parsed.data;
}

/** A client library's failure as one of our codes. */
export function toTransportError(what: string, cause: unknown): OsError {
  if (cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders())) {
    return unavailable("no-responder", `nobody answers ${what}`, { cause });
  }
  if (cause instanceof TimeoutError || (cause instanceof Error && cause.cause instanceof TimeoutError)) {
    return unavailable("timed-out", `no answer to ${what} in time`, { cause });
  }
  return unavailable("bus-down", `${what} could not be sent`, { cause });
}

/** A body checked against its schema. Errors: `invalid`, naming the field. */
export function parseBody<Body>(schema: RequestContract<Body>["request"], message: { string(): string }): Body {
  const parsed = schema.safeParse(decodeBody(message));
  if (parsed.success) return parsed.data;
  throw parsed.error.issues.length > 0 ? fromZodError(parsed.error) : rejected("invalid", "the body does not fit");
}
