import type { ConsumerDefinition } from "@matrix-os/contracts/streams";
import { type Msg, createInbox } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { type Delivery, toDelivery } from "./delivery.ts";

const NANOS_PER_MS = 1_000_000;
const PULL_EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 5_000;
/** Silence after which a pull counts as forgotten by the broker. */
const DEAD_AFTER_MS = 2 * HEARTBEAT_MS + 1_000;

/** A message; `nothing` came in time; `lost`: the stream, its consumer or the broker is away; `stopped` by the signal. */
export type Pulled = Delivery | "nothing" | "lost" | "stopped";

/** Takes messages of a durable consumer one by one. A message that comes after nobody waits any more is given back at once. */
export interface Puller extends AsyncDisposable {
  next(signal: AbortSignal): Promise<Pulled>;
}

/**
 * Opens a puller; use a new one after `lost`. One pull for each free slot, never a prefetch buffer: buffered messages would
 * age towards the end of their lease while other workers are free.
 */
export function openPuller(connection: Connection, consumer: ConsumerDefinition): Puller {
  const inbox = createInbox(connection.inboxPrefix);
  let pulls = 0;
  let waiting: ((outcome: Pulled) => void) | undefined;
  let silence: NodeJS.Timeout | undefined;
  const settle = (outcome: Pulled): boolean => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.(outcome);
    return resolve !== undefined;
  };
  const subscription = connection.nats.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error !== null && error !== undefined) return void settle("lost");
      if (!message.subject.startsWith(inbox)) return takeOrGiveBack(toDelivery(connection, message), settle);
      if (message.subject !== `${inbox}.${pulls}`) return;
      const outcome = readStatus(message);
      if (outcome === "alive") silence?.refresh();
      else settle(outcome);
    },
  });
  return {
    next: async (signal) => {
      if (signal.aborted || connection.nats.isClosed()) return "stopped";
      const { promise, resolve } = Promise.withResolvers<Pulled>();
      waiting = resolve;
      pulls += 1;
      silence = setTimeout(() => settle("lost"), DEAD_AFTER_MS);
      const onAbort = () => settle("stopped");
      signal.addEventListener("abort", onAbort, { once: true });
      const forget = connection.onReconnect(() => settle("lost"));
      askForOne(connection, consumer, `${inbox}.${pulls}`);
      try {
        return await promise;
      } finally {
        clearTimeout(silence);
        signal.removeEventListener("abort", onAbort);
        forget();
      }
    },
    [Symbol.asyncDispose]: async () => {
      settle("stopped");
      await subscription.drain().catch(() => undefined);
    },
  };
}

function askForOne(connection: Connection, consumer: ConsumerDefinition, reply: string): void {
  // While the broker is away the reconnect ends this wait.
  if (!connection.isUp()) return;
  const pull = { batch: 1, expires: PULL_EXPIRES_MS * NANOS_PER_MS, idle_heartbeat: HEARTBEAT_MS * NANOS_PER_MS };
  connection.nats.publish(`$JS.API.CONSUMER.MSG.NEXT.${consumer.stream}.${consumer.durable}`, JSON.stringify(pull), {
    reply,
  });
}

function takeOrGiveBack(delivery: Delivery, settle: (outcome: Pulled) => boolean): void {
  if (!settle(delivery)) delivery.giveBack(0);
}

function readStatus(message: Msg): "alive" | "nothing" | "lost" {
  const code = message.headers?.code;
  if (code === 100) return "alive";
  return code === 404 || code === 408 ? "nothing" : "lost";
}
