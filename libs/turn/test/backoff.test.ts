import { expect, test } from "vitest";
import { mayTryAgain, toWaitMs } from "../src/backoff.ts";

test("waits double from one second to a minute, spread by a quarter", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => toWaitMs({}, attempt, 0.5));
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  expect([toWaitMs({}, 1, 0), toWaitMs({}, 1, 1)]).toEqual([750, 1_250]);
});

test("a time that the server names is kept to, up to five minutes; for longer a turn does not wait", () => {
  expect(toWaitMs({ retryAfterMs: 120_000 }, 1, 0.9)).toBe(120_000);
  expect(mayTryAgain({ kind: "unavailable", retryAfterMs: 300_000 })).toBe(true);
  expect(mayTryAgain({ kind: "unavailable", retryAfterMs: 300_001 })).toBe(false);
  expect(mayTryAgain({ kind: "rejected" })).toBe(false);
});
