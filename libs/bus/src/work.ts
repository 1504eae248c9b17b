import { setTimeout as delay } from "node:timers/promises";
import type { KeyedContract } from "@matrix-os/contracts/define";
import { type OsError, toOsError } from "@matrix-os/contracts/errors";
import type { ConsumerDefinition } from "@matrix-os/contracts/streams";
import type { Consumer, JsMsg } from "@nats-io/jetstream";
import type { Connection } from "./connection.ts";
import { keepDeadLetter } from "./dead-letter.ts";
import { fromHeaders } from "./envelope.ts";
import type { Handled, MessageContext, Observe } from "./handled.ts";
import { parseBody } from "./request.ts";
import { withTrace } from "./trace.ts";

/** Runs after the broker confirmed that the message is done. */
export type AfterAck = () => Promise<void>;

/** How a worker takes messages of a durable consumer. */
export interface Working<Body> {
  readonly contract: KeyedContract<"command" | "event", Body>;
  readonly consumer: ConsumerDefinition;
  /** Messages worked on at a time by this process. */
  readonly slots: number;
  /** Tries before a message that stays `unavailable` becomes a dead letter. */
  readonly maxAttempts: number;
  readonly handler: (body: Body, context: MessageContext) => Promise<AfterAck | void>;
  readonly observe: Observe;
  readonly signal: AbortSignal;
}

const PULL_EXPIRES_MS = 20_000;
const RETRY_PULL_MS = 200;

/** Works until the signal aborts; the promise settles when every slot is free. Survives a lost stream or consumer by waiting. */
export async function workOnMessages<Body>(connection: Connection, work: Working<Body>): Promise<void> {
  await Promise.all(Array.from({ length: work.slots }, () => workInSlot(connection, work)));
}

async function workInSlot<Body>(connection: Connection, work: Working<Body>): Promise<void> {
  while (!work.signal.aborted) {
    try {
      const consumer = await connection.jetstream.consumers.get(work.consumer.stream, work.consumer.durable);
      await pullUntilLost(connection, consumer, work);
    } catch {
      // The stream is being made again, or the broker is away: both pass.
      await delay(RETRY_PULL_MS, undefined, { signal: work.signal }).catch(() => undefined);
    }
  }
}

async function pullUntilLost<Body>(connection: Connection, consumer: Consumer, work: Working<Body>): Promise<void> {
  const stopped = new Promise<"stopped">((resolve) => {
    work.signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
  while (!work.signal.aborted) {
    const next = consumer.next({ expires: PULL_EXPIRES_MS });
    const outcome = await Promise.race([next, stopped, connection.nextReconnect()]);
    if (outcome === "stopped") return giveBack(next);
    if (outcome === undefined) return giveBack(next);
    if (outcome !== null) await handleMessage(connection, outcome, work);
  }
}

/** A message that arrives after nobody waits for it any more goes to another worker at once. */
function giveBack(next: Promise<JsMsg | null>): void {
  next.then((late) => late?.nak()).catch(() => undefined);
}

async function handleMessage<Body>(connection: Connection, message: JsMsg, work: Working<Body>): Promise<void> {
  const trace = fromHeaders(message.headers);
  const startedAt = performance.now();
  const result = await withTrace(trace, () => runHandler(connection, message, work));
  work.observe({
    contract: work.contract.id,
    key: toKey(message.subject),
    trace,
    durationMs: performance.now() - startedAt,
    ...result,
  });
}

type Outcome = Pick<Handled, "outcome" | "error">;

async function runHandler<Body>(connection: Connection, message: JsMsg, work: Working<Body>): Promise<Outcome> {
  const heartbeat = setInterval(() => message.working(), work.consumer.ackWaitMs / 3);
  try {
    const context = { key: toKey(message.subject), signal: work.signal, attempt: message.info.deliveryCount };
    const afterAck = await work.handler(parseBody(work.contract.body, message), context);
    clearInterval(heartbeat);
    await message.ackAck().catch(() => undefined); // Unconfirmed: the redelivery finds the work done.
    await afterAck?.();
    return { outcome: "done" };
  } catch (thrown) {
    return await settleFailure(connection, message, { error: toOsError(thrown), work });
  } finally {
    clearInterval(heartbeat);
  }
}

async function settleFailure<Body>(
  connection: Connection,
  message: JsMsg,
  failure: { readonly error: OsError; readonly work: Working<Body> },
): Promise<Outcome> {
  const { error, work } = failure;
  const attempt = message.info.deliveryCount;
  if (error.kind === "unavailable" && attempt < work.maxAttempts) {
    message.nak(error.retryAfterMs ?? Math.min(250 * 2 ** attempt, 30_000));
    return { outcome: "retried", error };
  }
  await keepDeadLetter(connection, message, { contractId: work.contract.id, error });
  message.term(error.code);
  return { outcome: "dead", error };
}

function toKey(subject: string): string {
  return subject.slice(subject.lastIndexOf(".") + 1);
}
