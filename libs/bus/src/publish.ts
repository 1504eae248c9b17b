import { headers as names } from "@matrix-os/contracts/headers";
import type { KeyedContract } from "@matrix-os/contracts/define";
import { unavailable } from "@matrix-os/contracts/errors";
import { JetStreamApiError } from "@nats-io/jetstream";
import type { Connection } from "./connection.ts";
import { encodeBody, toHeaders } from "./envelope.ts";
import { toTransportError } from "./request.ts";

/** Publishes that may wait for their acknowledgement at a time; the broker falls behind with more. */
const MAX_UNCONFIRMED = 256;
const ALREADY_THERE = 10077;
const unconfirmed = new WeakMap<Connection, { count: number }>();

/** What is published where. */
export interface Outgoing<Body> {
  readonly contract: KeyedContract<string, Body>;
  readonly key: string;
  readonly body: Body;
}

/** Hands a message to JetStream and waits until it is stored. Errors: `busy`, `bus-down`, `timed-out`, `no-responder`. */
export async function publishDurably<Body>(connection: Connection, message: Outgoing<Body>): Promise<void> {
  await store(connection, message);
}

/** Rings a doorbell: stored once per key while unfinished; ringing again is not an error. */
export async function ring<Body>(connection: Connection, message: Outgoing<Body>): Promise<void> {
  try {
    await store(connection, message);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof JetStreamApiError && cause.code === ALREADY_THERE) return;
    throw error;
  }
}

async function store<Body>(connection: Connection, message: Outgoing<Body>): Promise<void> {
  const window = unconfirmed.get(connection) ?? { count: 0 };
  unconfirmed.set(connection, window);
  if (window.count >= MAX_UNCONFIRMED) throw unavailable("busy", "too many messages wait for the broker");
  const head = toHeaders(message.contract.id, connection.name);
  window.count += 1;
  try {
    await connection.jetstream.publish(message.contract.subject(message.key), encodeBody(message.body), {
      headers: head,
      msgID: head.get(names.id),
    });
  } catch (cause) {
    throw toTransportError(message.contract.id, cause);
  } finally {
    window.count -= 1;
  }
}

/** Says something to whoever listens now; lossy. Never throws for a broker that is away. */
export function sayNow<Body>(connection: Connection, message: Outgoing<Body>): void {
  if (connection.nats.isClosed()) return;
  const head = toHeaders(message.contract.id, connection.name);
  connection.nats.publish(message.contract.subject(message.key), encodeBody(message.body), { headers: head });
}
