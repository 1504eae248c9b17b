import { toOsError, unavailable } from "@matrix-os/contracts/errors";

/** Longest silence of the other side of a transfer. */
const SILENCE_MS = 15_000;

/** A wait for the other side of a transfer, ended by any word of it. */
export interface Waiting {
  /** Something came. */
  readonly wake: () => void;
  /** Waits for the next word. Errors: `timed-out` after 15 s of silence, and what interrupted it, also before the call. */
  readonly untilWoken: () => Promise<void>;
}

/** Creates a wait for one waiter at a time. */
export function createWaiting(interrupted: Promise<never>): Waiting {
  let failure: Error | undefined;
  let current: PromiseWithResolvers<void> | undefined;
  // Once for the whole transfer: racing it anew for each part would add to it for as long as it lives.
  interrupted.catch((error: unknown) => {
    failure = toOsError(error);
    current?.reject(failure);
  });
  return {
    wake: () => current?.resolve(),
    untilWoken: async () => {
      if (failure !== undefined) throw failure;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      current = { promise, resolve, reject };
      const timer = setTimeout(
        () => reject(unavailable("timed-out", "the other side of a stream went silent")),
        SILENCE_MS,
      );
      await promise.finally(() => clearTimeout(timer));
    },
  };
}
