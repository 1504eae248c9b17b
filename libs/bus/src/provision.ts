import { type ConsumerDefinition, type StreamDefinition, consumers, streams } from "@matrix-os/contracts/streams";
import { unavailable } from "@matrix-os/contracts/errors";
import { AckPolicy, DiscardPolicy, type JetStreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import type { Connection } from "./connection.ts";
import { watchInterruption } from "./interruption.ts";
import { toTransportError } from "./request.ts";

const NANOS_PER_MS = 1_000_000;

/**
 * Makes every stream and durable consumer that is missing; what is there already stays. True when something was missing.
 * Errors: `bus-down`, `no-responder` (JetStream is not up yet), `timed-out`; then it may be called again.
 */
export async function provision(connection: Connection): Promise<boolean> {
  if (!connection.isUp()) throw unavailable("bus-down", "the streams could not be looked up");
  using interruption = watchInterruption(connection, undefined);
  try {
    return await Promise.race([makeWhatIsMissing(connection), interruption.happened]);
  } catch (cause) {
    throw toTransportError("the making of streams", cause);
  }
}

async function makeWhatIsMissing(connection: Connection): Promise<boolean> {
  const manager = await connection.manager();
  const known = new Set<string>();
  for await (const name of manager.streams.names()) known.add(name);
  let made = false;
  for (const stream of streams) {
    if (known.has(stream.name)) continue;
    await makeStream(manager, stream);
    made = true;
  }
  for (const consumer of consumers) made = (await ensureConsumer(manager, consumer)) || made;
  return made;
}

async function makeStream(manager: JetStreamManager, stream: StreamDefinition): Promise<void> {
  await manager.streams.add({
    name: stream.name,
    description: stream.summary,
    subjects: [...stream.subjects],
    retention: stream.retention === "workqueue" ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    storage: StorageType.File,
    max_bytes: stream.maxBytes,
    max_age: stream.maxAgeMs * NANOS_PER_MS,
    num_replicas: 1,
    duplicate_window: Math.min(120_000, stream.maxAgeMs) * NANOS_PER_MS,
    ...(stream.keepsNewest === true ? { max_msgs_per_subject: 1, allow_msg_ttl: true } : {}),
    ...(stream.maxPerSubject === undefined
      ? { discard: DiscardPolicy.Old }
      : { discard: DiscardPolicy.New, max_msgs_per_subject: stream.maxPerSubject, discard_new_per_subject: true }),
  });
}

async function ensureConsumer(manager: JetStreamManager, wanted: ConsumerDefinition): Promise<boolean> {
  const existing = await manager.consumers.info(wanted.stream, wanted.durable).catch(() => undefined);
  if (existing !== undefined) return false;
  await manager.consumers.add(wanted.stream, {
    durable_name: wanted.durable,
    filter_subject: wanted.filter,
    ack_policy: AckPolicy.Explicit,
    ack_wait: wanted.ackWaitMs * NANOS_PER_MS,
    max_deliver: wanted.maxDeliver,
    max_ack_pending: 10_000,
    max_waiting: 2_048,
  });
  return true;
}
