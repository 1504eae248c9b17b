import { headers as names } from "@matrix-os/contracts/headers";
import type { KeyedContract } from "@matrix-os/contracts/define";
import { unavailable } from "@matrix-os/contracts/errors";
import { JetStreamApiError } from "@nats-io/jetstream";
import type { Connection } from "./connection.ts";
import { encodeBody, toHeaders } from "./envelope.ts";
import { watchInterruption } from "./interruption.ts";
import { toTransportError } from "./request.ts";

/** Publishes that may wait for their acknowledgement at a time; the broker falls behind with more. */
const MAX_UNCONFIRMED = 256;
const STORE_REFUSED = 10077;
/** The broker gives one code to every refusal of its store; only its words tell a full key from a full disk. */
const KEY_IS_TAKEN = "maximum messages per subject exceeded";
const unconfirmed = new WeakMap<Connection, { count: number }>();

/** What is published where. */
export interface Outgoing<Body> {
  readonly contract: KeyedContract<string, Body>;
  readonly key: string;
  readonly body: Body;
}

/** Hands a message to JetStream and waits until it is stored. Errors: `busy`, `disk-full` (the broker's store refuses it), `bus-down`, `timed-out`, `no-responder`, `too-large`. */
export async function publishDurably<Body>(connection: Connection, message: Outgoing<Body>): Promise<void> {
  await store(connection, message);
}

/** Rings a doorbell: stored once per key while unfinished; ringing again is not an error. */
export async function ring<Body>(connection: Connection, message: Outgoing<Body>): Promise<void> {
  try {
    await store(connection, message);
  } catch (error) {
    if (isAlreadyThere(error instanceof Error ? error.cause : undefined)) return;
    throw error;
  }
}

function isAlreadyThere(cause: unknown): boolean {
  return cause instanceof JetStreamApiError && cause.code === STORE_REFUSED && cause.message === KEY_IS_TAKEN;
}

async function store<Body>(connection: Connection, message: Outgoing<Body>): Promise<void> {
  const { id } = message.contract;
  const subject = message.contract.subject(message.key);
  const payload = encodeBody(message.body);
  const head = toHeaders(id, connection.name);
  const window = unconfirmed.get(connection) ?? { count: 0 };
  unconfirmed.set(connection, window);
  if (window.count >= MAX_UNCONFIRMED) throw unavailable("busy", "too many messages wait for the broker");
  if (!connection.isUp()) throw unavailable("bus-down", `${id} could not be sent`);
  using interruption = watchInterruption(connection, undefined);
  window.count += 1;
  try {
    const stored = connection.jetstream.publish(subject, payload, { headers: head, msgID: head.get(names.id) });
    await Promise.race([stored, interruption.happened]);
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.code === STORE_REFUSED)
      throw unavailable("disk-full", `the broker can't keep ${id}`, { cause });
    throw toTransportError(id, cause);
  } finally {
    window.count -= 1;
  }
}

/** Says something to whoever listens now; lossy: while the broker is away or this process drains, it is dropped. Errors: `too-large`. */
export function sayNow<Body>(connection: Connection, message: Outgoing<Body>): void {
  const subject = message.contract.subject(message.key);
  const payload = encodeBody(message.body);
  if (!connection.isUp()) return;
  connection.nats.publish(subject, payload, { headers: toHeaders(message.contract.id, connection.name) });
}
