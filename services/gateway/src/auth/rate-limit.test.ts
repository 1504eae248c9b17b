import { expect, test } from "vitest";
import { createRefusalNotes } from "./refusal-notes.ts";
import { createRateLimit } from "./rate-limit.ts";

const now = 1_800_000_000_000;

test("a burst passes, then so many a minute, each name for itself", () => {
  const limit = createRateLimit({ perMinute: 60, burst: 3 });
  const take = (name: string, afterMs: number) => limit.take(name, now + afterMs);
  expect([take("a", 0), take("a", 0), take("a", 0), take("a", 0)]).toEqual([0, 0, 0, 1_000]);
  expect([take("b", 0), take("a", 500), take("a", 1_000), take("a", 1_000)]).toEqual([0, 500, 0, 1_000]);
  let passed = 0;
  for (let at = 2_000; at < 62_000; at += 10) if (take("a", at) === 0) passed += 1;
  expect(passed).toBeGreaterThanOrEqual(60);
  expect(passed).toBeLessThanOrEqual(63);
});

test("no number of names fills the memory", () => {
  const limit = createRateLimit({ perMinute: 1, burst: 1 });
  for (let n = 0; n < 10_001; n += 1) expect(limit.take(`n${n}`, now)).toBe(0);
  expect([limit.take("n10000", now) > 0, limit.take("n0", now)]).toEqual([true, 0]);
});

test("a refusal is noted once a minute for each kind, the rest as a number", () => {
  const notes = createRefusalNotes();
  expect([notes.note("a", now), notes.note("a", now + 1), notes.note("b", now + 2)]).toEqual([0, undefined, 0]);
  expect([notes.note("a", now + 59_999), notes.note("a", now + 60_000)]).toEqual([undefined, 2]);
});

test("a thousand kinds of refusals make some fifty notes", () => {
  const notes = createRefusalNotes();
  const noted = Array.from({ length: 1_000 }, (_, n) => notes.note(`kind ${n}`, now)).filter(
    (more) => more !== undefined,
  );
  expect(noted.length).toBe(51);
});
