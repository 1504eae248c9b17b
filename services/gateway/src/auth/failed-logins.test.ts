import { expect, test } from "vitest";
import { createFailedLogins } from "./failed-logins.ts";

const MINUTE = 60_000;

test("five failures in a minute are free, the sixth waits a minute, and the wait doubles up to a quarter of an hour", () => {
  const logins = createFailedLogins(5);
  let now = 1_000;
  const waits: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    for (let n = 0; n < 5; n += 1) expect(logins.note("a", now)).toBe(0);
    const wait = logins.note("a", now);
    waits.push(wait / MINUTE);
    expect(logins.note("a", now + 1)).toBe(wait - 1);
    now += wait;
  }
  expect(waits).toEqual([1, 2, 4, 8, 15, 15]);
});

test("slow failures never wait, addresses don't share a count, a long rest forgives", () => {
  const logins = createFailedLogins(1);
  expect([logins.note("a", 0), logins.note("b", 0), logins.note("a", MINUTE)]).toEqual([0, 0, 0]);
  expect(logins.note("a", MINUTE + 1)).toBe(MINUTE);
  const later = 60 * MINUTE;
  expect(logins.note("a", later)).toBe(0);
  expect(logins.note("a", later)).toBe(MINUTE);
});

test("remembers ten thousand addresses, the latest ones", () => {
  const logins = createFailedLogins(1);
  logins.note("first", 0);
  for (let n = 0; n < 10_000; n += 1) logins.note(`other ${n}`, 0);
  expect(logins.note("first", 0)).toBe(0);
  expect(logins.note("other 9999", 0)).toBeGreaterThan(0);
});
