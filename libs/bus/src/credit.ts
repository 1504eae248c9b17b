import { rejected } from "@matrix-os/contracts/errors";
import type { Connection } from "./connection.ts";
import { watchInterruption } from "./interruption.ts";
import { createWaiting } from "./silence.ts";

/** How many parts the receiver allows. */
export interface Credit extends Disposable {
  /** Waits until the receiver allows part `number`. Errors: `timed-out`, `bus-down`, `stopped`; `conflict` when it gave up. */
  untilAllowed(number: number): Promise<void>;
}

/** Listens for the receiver's credit: the number of the last part that it allows, so that a repeated message changes nothing. */
export function createCredit(connection: Connection, subject: string, signal: AbortSignal | undefined): Credit {
  let allowed = 0;
  let isRefused = false;
  const interruption = watchInterruption(connection, signal);
  const waiting = createWaiting(interruption.happened);
  const subscription = connection.nats.subscribe(subject, {
    callback: (error, message) => {
      if (error !== null && error !== undefined) return;
      const granted = Number(message.string());
      if (message.string() === "stop") isRefused = true;
      else if (Number.isSafeInteger(granted)) allowed = Math.max(allowed, granted);
      waiting.wake();
    },
  });
  return {
    untilAllowed: async (number) => {
      while (allowed < number && !isRefused) await waiting.untilWoken();
      if (isRefused) throw rejected("conflict", "the receiver of a stream stopped reading");
    },
    [Symbol.dispose]: () => {
      interruption[Symbol.dispose]();
      subscription.unsubscribe();
    },
  };
}
