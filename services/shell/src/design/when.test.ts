import { expect, test } from "vitest";
import { toSize, toWhen } from "./when.ts";

test("moments are told as people say them", () => {
  const now = Date.parse("2026-11-24T12:00:00.000Z");
  const told = ["2026-11-24T11:59:50.000Z", "2026-11-24T11:55:00.000Z", "2026-11-24T09:00:00.000Z"].map((at) =>
    toWhen(at, now),
  );
  expect(told).toEqual(["now", "5 min", "3 h"]);
});

test("sizes have one digit after the point only while they are small", () => {
  expect([0, 900, 1_536, 51_200, 5_242_880].map(toSize)).toEqual(["0 B", "900 B", "1.5 KB", "50 KB", "5.0 MB"]);
});
