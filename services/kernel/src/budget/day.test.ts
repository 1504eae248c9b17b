import { expect, test } from "vitest";
import { toDay } from "./day.ts";

const justBeforeMidnightUtc = new Date("2026-11-24T23:30:00Z");

test("the day is the owner's, not the machine's", () => {
  expect(toDay(justBeforeMidnightUtc, "UTC")).toBe("2026-11-24");
  expect(toDay(justBeforeMidnightUtc, "Asia/Tokyo")).toBe("2026-11-25");
  expect(toDay(justBeforeMidnightUtc, "America/New_York")).toBe("2026-11-24");
});

test("without a zone, or with one that does not exist, the machine's day counts", () => {
  expect(toDay(justBeforeMidnightUtc, undefined)).toMatch(/^2026-11-2[45]$/);
  expect(toDay(justBeforeMidnightUtc, "Nowhere/Land")).toBe(toDay(justBeforeMidnightUtc, undefined));
});
