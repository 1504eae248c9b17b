import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { ConnectionOptions, NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";

/** How to reach the broker. */
export interface BrokerAddress {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** Takes a callback; answers how to stop the calls. */
export type Listen<Told = void> = (callback: (told: Told) => void) => () => void;

/** One connection to the broker that never gives up by itself. */
export interface Connection extends AsyncDisposable {
  readonly name: string;
  readonly nats: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: () => Promise<JetStreamManager>;
  /** Begins every inbox of this connection; its user may hear nothing else of that kind. */
  readonly inboxPrefix: string;
  /** Calls back when the broker is gone: answers under way are lost, and what is said until the reconnect is, too. */
  readonly onDisconnect: Listen;
  /** Calls back at every reconnect, when pulls that were waiting are gone. */
  readonly onReconnect: Listen;
  /** Calls back when the broker refuses something, such as a subject that the user may not hear. */
  readonly onProblem: Listen<Error>;
  readonly isUp: () => boolean;
}

/** Connects, waiting for a broker that is not there yet; reconnects for ever, also to an emptied one. */
export async function openConnection(name: string, address: BrokerAddress): Promise<Connection> {
  const inboxPrefix = `_INBOX_${address.user ?? "any"}`;
  const nats = await connect(toConnectionOptions(name, address, inboxPrefix));
  const state: State = { up: true, disconnects: new Set(), reconnects: new Set(), problems: new Set() };
  void watchStatus(nats, state);
  return {
    name,
    nats,
    inboxPrefix,
    jetstream: jetstream(nats, { timeout: 3_000 }),
    manager: () => jetstreamManager(nats, { timeout: 3_000, checkAPI: false }),
    onDisconnect: listenTo(state.disconnects),
    onReconnect: listenTo(state.reconnects),
    onProblem: listenTo(state.problems),
    isUp: () => state.up && !nats.isClosed() && !nats.isDraining(),
    [Symbol.asyncDispose]: async () => {
      // Away from the broker there is nobody to drain to.
      if (!state.up) return nats.close();
      if (!nats.isClosed()) await nats.drain().catch(() => nats.close());
    },
  };
}

function toConnectionOptions(name: string, address: BrokerAddress, inboxPrefix: string): ConnectionOptions {
  return {
    name,
    servers: address.url,
    ...(address.user === undefined ? {} : { user: address.user, pass: address.password ?? "" }),
    inboxPrefix,
    timeout: 5_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 100,
    waitOnFirstConnect: true,
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
  };
}

interface State {
  up: boolean;
  readonly disconnects: Set<() => void>;
  readonly reconnects: Set<() => void>;
  readonly problems: Set<(error: Error) => void>;
}

async function watchStatus(nats: NatsConnection, state: State): Promise<void> {
  for await (const status of nats.status()) {
    if (status.type === "error") for (const callback of state.problems) callback(status.error);
    if (status.type === "disconnect" || status.type === "close") {
      state.up = false;
      for (const callback of state.disconnects) callback();
    }
    if (status.type === "reconnect") {
      state.up = true;
      for (const callback of state.reconnects) callback();
    }
  }
}

function listenTo<Told>(callbacks: Set<(told: Told) => void>): Listen<Told> {
  return (callback) => {
    // A function of its own, so that the same callback given twice is called twice.
    const entry = (told: Told) => callback(told);
    callbacks.add(entry);
    return () => callbacks.delete(entry);
  };
}
