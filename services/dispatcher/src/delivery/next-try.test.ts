import { expect, test } from "vitest";
import { hasAnswered, toNextTry } from "./next-try.ts";

const busy = { kind: "unavailable", code: "busy", message: "slow down" } as const;

test("waits grow up to a minute, and are as long as the channel wants", () => {
  const waits = [1, 2, 3, 7, 8, 20].map((tries) => toNextTry({ error: busy, tries, answered: 0, ageMs: 0 }));
  expect(waits).toEqual([500, 1_000, 2_000, 32_000, 60_000, 60_000].map((waitMs) => ({ waitMs })));
  const asked = { ...busy, retryAfterMs: 90_000 };
  expect(toNextTry({ error: asked, tries: 1, answered: 1, ageMs: 0 })).toEqual({ waitMs: 90_000 });
});

test("a part is given up at a refusal, after eight answers, and after a day", () => {
  const gone = { kind: "rejected", code: "not-found", message: "no such chat" } as const;
  expect(toNextTry({ error: gone, tries: 1, answered: 1, ageMs: 0 })).toBe("give-up");
  expect(toNextTry({ error: busy, tries: 8, answered: 8, ageMs: 0 })).toBe("give-up");
  expect(toNextTry({ error: busy, tries: 9, answered: 0, ageMs: 86_400_001 })).toBe("give-up");
  expect([busy, { ...busy, code: "no-responder" as const }].map(hasAnswered)).toEqual([true, false]);
});
