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
  /** Messages that only say that the sender is there. */
  readonly isSignOfLife: (message: Msg) => boolean;
}

/** Listens from now on. Disconnects and aborts are remembered, also between two calls of `next`. */
export function openMailbox(connection: Connection, place: MailboxPlace): Mailbox {
  const queue: Msg[] = [];
  let isFlooded = false;
  const waiting = createWaiting();
  const interruption = watchInterruption(connection, place.signal);
  const subscription = connection.nats.subscribe(place.subject, {
    callback: (error, message) => {
      if (error !== null && error !== undefined) return;
      if (queue.length >= place.maxWaiting) isFlooded = true;
      else if (!place.isSignOfLife(message)) queue.push(message);
      waiting.wake();
    },
  });
  return {
    next: async () => {
      while (queue.length === 0) await waiting.untilWoken(interruption.happened);
      if (isFlooded) throw rejected("invalid", "the sender of a stream does not wait for credit");
      return queue.shift() as Msg;
    },
    [Symbol.dispose]: () => {
      interruption[Symbol.dispose]();
      subscription.unsubscribe();
    },
  };
}
