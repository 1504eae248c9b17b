import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { ConnectionOptions, NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";

/** How to reach the broker. */
export interface BrokerAddress {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** One connection to the broker that never gives up by itself. */
export interface Connection extends AsyncDisposable {
  readonly name: string;
  readonly nats: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: () => Promise<JetStreamManager>;
  /** Resolves at the next reconnect: pulls that were waiting are gone then. */
  readonly nextReconnect: () => Promise<void>;
  readonly isUp: () => boolean;
}

/** Connects, waiting for a broker that is not there yet; reconnects for ever, also to an emptied one. */
export async function openConnection(name: string, address: BrokerAddress): Promise<Connection> {
  const nats = await connect(toConnectionOptions(name, address));
  const state = { up: true, waiters: [] as (() => void)[] };
  void watchStatus(nats, state);
  return {
    name,
    nats,
    jetstream: jetstream(nats, { timeout: 3_000 }),
    manager: () => jetstreamManager(nats, { timeout: 3_000, checkAPI: false }),
    nextReconnect: () => new Promise((resolve) => state.waiters.push(resolve)),
    isUp: () => state.up && !nats.isClosed(),
    [Symbol.asyncDispose]: async () => {
      if (!nats.isClosed()) await nats.drain().catch(() => nats.close());
    },
  };
}

function toConnectionOptions(name: string, address: BrokerAddress): ConnectionOptions {
  return {
    name,
    servers: address.url,
    ...(address.user === undefined ? {} : { user: address.user, pass: address.password ?? "" }),
    inboxPrefix: `_INBOX_${address.user ?? "any"}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 100,
    waitOnFirstConnect: true,
    pingInterval: 10_000,
    ignoreAuthErrorAbort: true,
  };
}

async function watchStatus(nats: NatsConnection, state: { up: boolean; waiters: (() => void)[] }): Promise<void> {
  for await (const status of nats.status()) {
    if (status.type === "disconnect") state.up = false;
    if (status.type !== "reconnect") continue;
    state.up = true;
    for (const wake of state.waiters.splice(0)) wake();
  }
}
