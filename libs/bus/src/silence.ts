import { unavailable } from "@matrix-os/contracts/errors";

/** Longest silence of the other side of a transfer. */
const SILENCE_MS = 15_000;

/** A wait for the other side of a transfer, ended by any word of it. */
export interface Waiting {
  /** Something came. */
  readonly wake: () => void;
  /** Waits for the next word. Errors: `timed-out` after 15 s of silence, and what interrupts it. */
  readonly untilWoken: (interrupted: Promise<never>) => Promise<void>;
}

/** Creates a wait for one waiter at a time. */
export function createWaiting(): Waiting {
  let wake: () => void = () => undefined;
  return {
    wake: () => wake(),
    untilWoken: async (interrupted) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(() => reject(unavailable("timed-out", "the other side of a stream went silent")), SILENCE_MS);
      try {
        await Promise.race([promise, interrupted]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
