import { rejected } from "@matrix-os/contracts/errors";
import type { Msg } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { watchInterruption } from "./interruption.ts";
import { createWaiting } from "./silence.ts";

/** Messages of one subject, taken one by one by one reader. */
export interface Mailbox extends Disposable {
  /** Errors: `timed-out`, `bus-down`, `stopped`, `invalid` when the sender sent more than was allowed. */
  next(): Promise<Msg>;
}

/** Where a mailbox listens. */
export interface MailboxPlace {
  readonly subject: string;
  readonly signal: AbortSignal | undefined;
  /** Bound of the queue; a sender that goes past it breaks the rules. */
  readonly maxWaiting: number;
  /** Messages that only say that the sender is there; they are not queued. */
  readonly isSignOfLife: (message: Msg) => boolean;
  readonly onSignOfLife: () => void;
}

/** Listens from now on. Disconnects and aborts are remembered, also between two calls of `next`. */
export function openMailbox(connection: Connection, place: MailboxPlace): Mailbox {
  const queue: Msg[] = [];
  let isFlooded = false;
  const interruption = watchInterruption(connection, place.signal);
  const waiting = createWaiting(interruption.happened);
  const subscription = connection.nats.subscribe(place.subject, {
    callback: (error, message) => {
      if (error !== null && error !== undefined) return;
      if (place.isSignOfLife(message)) place.onSignOfLife();
      else if (queue.length < place.maxWaiting) queue.push(message);
      else isFlooded = true;
      waiting.wake();
    },
  });
  return {
    next: async () => {
      while (queue.length === 0) await waiting.untilWoken();
      if (isFlooded) throw rejected("invalid", "the sender of a stream does not wait for credit");
      return queue.shift() as Msg;
    },
    [Symbol.dispose]: () => {
      interruption[Symbol.dispose]();
      subscription.unsubscribe();
    },
  };
}
