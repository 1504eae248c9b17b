import { setTimeout as delay } from "node:timers/promises";
import type { KeyedContract } from "@matrix-os/contracts/define";
import { type OsError, toOsError } from "@matrix-os/contracts/errors";
import type { ConsumerDefinition } from "@matrix-os/contracts/streams";
import type { Connection } from "./connection.ts";
import { keepDeadLetter } from "./dead-letter.ts";
import type { Delivery } from "./delivery.ts";
import { fromHeaders } from "./envelope.ts";
import type { Handled, MessageContext, Observe } from "./handled.ts";
import { holdLease } from "./lease.ts";
import { openPuller } from "./pull.ts";
import { parseBody } from "./request.ts";
import { withTrace } from "./trace.ts";

/** Runs after the broker confirmed that the message is done. */
export type AfterAck = () => Promise<void>;

/** `abandoned`: somebody else holds the message by now, so it is neither acknowledged nor given back. */
export type WorkResult = AfterAck | "abandoned" | undefined;

/** How a worker takes messages of a durable consumer. */
export interface Working<Body> {
  readonly contract: KeyedContract<"command" | "event", Body>;
  readonly consumer: ConsumerDefinition;
  /** Messages worked on at a time by this process. */
  readonly slots: number;
  /** Tries before a message that stays `unavailable` becomes a dead letter. */
  readonly maxAttempts: number;
  readonly handler: (body: Body, context: MessageContext) => Promise<WorkResult>;
  readonly observe: Observe;
  readonly signal: AbortSignal;
}

const RETRY_PULL_MS = 200;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 30_000;

/** Works until the signal aborts; the promise settles when every slot is free. Survives a lost stream or consumer by waiting. */
export async function workOnMessages<Body>(connection: Connection, work: Working<Body>): Promise<void> {
  await Promise.all(Array.from({ length: work.slots }, () => workInSlot(connection, work)));
}

async function workInSlot<Body>(connection: Connection, work: Working<Body>): Promise<void> {
  while (!work.signal.aborted && !connection.nats.isClosed()) {
    await workUntilLost(connection, work);
    // The stream is being made again, or the broker is away: both pass.
    await delay(RETRY_PULL_MS, undefined, { signal: work.signal }).catch(() => undefined);
  }
}

async function workUntilLost<Body>(connection: Connection, work: Working<Body>): Promise<void> {
  await using puller = openPuller(connection, work.consumer);
  for (;;) {
    const pulled = await puller.next(work.signal);
    if (pulled === "stopped" || pulled === "lost") return;
    if (pulled !== "nothing") await handleDelivery(connection, pulled, work);
  }
}

async function handleDelivery<Body>(connection: Connection, delivery: Delivery, work: Working<Body>): Promise<void> {
  const trace = fromHeaders(delivery.headers);
  const startedAt = performance.now();
  const result = await withTrace(trace, () => runHandler(connection, delivery, work));
  work.observe({
    contract: work.contract.id,
    key: toKey(delivery.subject),
    trace,
    durationMs: performance.now() - startedAt,
    ...result,
  });
}

type Outcome = Pick<Handled, "outcome" | "error">;

async function runHandler<Body>(connection: Connection, delivery: Delivery, work: Working<Body>): Promise<Outcome> {
  using lease = holdLease(connection, delivery, { leaseMs: work.consumer.ackWaitMs, signal: work.signal });
  try {
    const context = { key: toKey(delivery.subject), signal: lease.signal, attempt: delivery.attempt };
    const result = await work.handler(parseBody(work.contract.body, delivery), context);
    // An acknowledgement now would take the message away from the one who has it.
    if (result === "abandoned" || lease.isLost()) return { outcome: "abandoned" };
    await delivery.acknowledge(); // Unconfirmed: the redelivery finds the work done.
    return await finish(result);
  } catch (thrown) {
    const error = toOsError(thrown);
    if (lease.isLost()) return { outcome: "abandoned", error };
    if (work.signal.aborted) return handOver(delivery, error);
    return await settleFailure(connection, delivery, { error, work });
  }
}

/** The message is gone by now: what fails here is reported, and can't be tried again. */
async function finish(afterAck: AfterAck | undefined): Promise<Outcome> {
  try {
    await afterAck?.();
    return { outcome: "done" };
  } catch (thrown) {
    return { outcome: "done", error: toOsError(thrown) };
  }
}

/** A draining worker fails because others drain, too: the next one shall try at once, and nothing is held against the message. */
function handOver(delivery: Delivery, error: OsError): Outcome {
  delivery.giveBack(0);
  return { outcome: "retried", error };
}

async function settleFailure<Body>(
  connection: Connection,
  delivery: Delivery,
  failure: { readonly error: OsError; readonly work: Working<Body> },
): Promise<Outcome> {
  const { error, work } = failure;
  if (error.kind === "unavailable" && delivery.attempt < work.maxAttempts) {
    delivery.giveBack(error.retryAfterMs ?? Math.min(FIRST_RETRY_MS * 2 ** delivery.attempt, MAX_RETRY_MS));
    return { outcome: "retried", error };
  }
  await keepDeadLetter(connection, delivery, { contractId: work.contract.id, error });
  delivery.giveUp(error.code);
  return { outcome: "dead", error };
}

function toKey(subject: string): string {
  return subject.slice(subject.lastIndexOf(".") + 1);
}
