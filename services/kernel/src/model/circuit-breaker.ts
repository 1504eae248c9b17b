/** Failures in a row after which a model is left alone for a while. */
export const OPEN_AFTER_FAILURES = 5;
const OPEN_FOR_MS = 10_000;

/** Keeps turns from all asking a model that fails: open, it lets nobody through; then one probe at a time until one succeeds. */
export interface CircuitBreaker {
  /** Milliseconds until it is worth asking; 0 lets the caller through, who then must `settle`. */
  admit(): number;
  /** How the call went; `unknown` says nothing about the model. Answers whether this opened it. */
  settle(how: "succeeded" | "failed" | "unknown"): boolean;
}

/** A closed breaker. `now` in milliseconds, by a clock that never goes back. */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let failures = 0;
  let openUntil = 0;
  let isProbing = false;
  const isClosed = () => failures < OPEN_AFTER_FAILURES;
  return {
    admit: () => {
      if (isClosed()) return 0;
      if (now() < openUntil) return openUntil - now();
      if (isProbing) return OPEN_FOR_MS;
      isProbing = true;
      return 0;
    },
    settle: (how) => {
      isProbing = false;
      if (how === "succeeded") failures = 0;
      if (how !== "failed") return false;
      failures += 1;
      if (isClosed()) return false;
      openUntil = now() + OPEN_FOR_MS;
      return true;
    },
  };
}
