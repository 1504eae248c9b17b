import { setTimeout as sleep } from "node:timers/promises";

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
/** How long a gateway may be away before its client gives up. */
const PATIENCE_MS = 60_000;

/** Waits between attempts to reach a gateway that is away. */
export interface BackOff {
  /** Waits twice as long as the last time (0.2 s to 5 s); throws `error` once nothing was reached for 60 s. */
  readonly wait: (error: unknown) => Promise<void>;
  /** Something was reached: the next wait is short again. */
  readonly reset: () => void;
}

/** A back-off that ends at once, by an `AbortError`, when the signal does. */
export function createBackOff(signal: AbortSignal): BackOff {
  let delayMs = FIRST_DELAY_MS;
  let awaySince: number | undefined;
  return {
    wait: async (error) => {
      awaySince ??= performance.now();
      if (performance.now() - awaySince + delayMs > PATIENCE_MS) throw error;
      await sleep(delayMs, undefined, { signal });
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    },
    reset: () => {
      delayMs = FIRST_DELAY_MS;
      awaySince = undefined;
    },
  };
}
