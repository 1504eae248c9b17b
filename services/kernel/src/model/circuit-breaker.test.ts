import { describe, expect, test } from "vitest";
import { type CircuitBreaker, OPEN_AFTER_FAILURES, createCircuitBreaker } from "./circuit-breaker.ts";

let now = 0;

function opened(): CircuitBreaker {
  now = 0;
  const breaker = createCircuitBreaker(() => now);
  for (let failure = 1; failure <= OPEN_AFTER_FAILURES; failure += 1) {
    expect(breaker.admit()).toBe(0);
    expect(breaker.settle("failed")).toBe(failure === OPEN_AFTER_FAILURES);
  }
  return breaker;
}

describe("a circuit breaker", () => {
  test("lets nobody through after enough failures in a row, and says for how long", () => {
    const breaker = opened();
    expect(breaker.admit()).toBe(10_000);
    now = 9_000;
    expect(breaker.admit()).toBe(1_000);
  });

  test("then lets one probe through, and closes when it succeeds", () => {
    const breaker = opened();
    now = 10_000;
    expect([breaker.admit(), breaker.admit()]).toEqual([0, 10_000]);
    breaker.settle("succeeded");
    expect([breaker.admit(), breaker.admit()]).toEqual([0, 0]);
  });

  test("opens again when the probe fails, and lets another through when it told nothing", () => {
    const breaker = opened();
    now = 10_000;
    breaker.admit();
    expect(breaker.settle("failed")).toBe(true);
    expect(breaker.admit()).toBe(10_000);
    now = 20_000;
    expect(breaker.admit()).toBe(0);
    breaker.settle("unknown");
    expect(breaker.admit()).toBe(0);
  });

  test("stays closed while successes come between", () => {
    const breaker = createCircuitBreaker(() => 0);
    for (let call = 0; call < 20; call += 1)
      expect(breaker.settle(call % 4 === 3 ? "succeeded" : "failed")).toBe(false);
  });
});
