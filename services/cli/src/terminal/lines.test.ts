import { expect, test } from "vitest";
import { toDuration, toMoment, toSize, toTable } from "./lines.ts";

test("columns are aligned, the last one is free, colours take no room", () => {
  expect(
    toTable([
      ["a", "long", "x"],
      ["bbb", "\u001b[31mc\u001b[39m", "yy  "],
    ]),
  ).toBe("a    long  x\nbbb  \u001b[31mc\u001b[39m     yy\n");
  expect(toTable([])).toBe("");
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 KB"],
  [104_857_600, "105 MB"],
  [2_500_000_000, "2.5 GB"],
])("%i bytes are %s", (bytes, words) => {
  expect(toSize(bytes)).toBe(words);
});

test.each([
  [0.4, "0 s"],
  [59, "59 s"],
  [61, "1 min"],
  [3_700, "1 h 1 min"],
  [90_000, "1 d 1 h"],
])("%d seconds are %s", (seconds, words) => {
  expect(toDuration(seconds)).toBe(words);
});

test("a moment is told as exactly as it is near", () => {
  const now = new Date(2026, 10, 24, 18, 0);
  expect(toMoment(new Date(2026, 10, 24, 9, 5).toISOString(), now)).toBe("09:05");
  expect(toMoment(new Date(2026, 0, 2, 9, 5).toISOString(), now)).toBe("2 Jan 09:05");
  expect(toMoment(new Date(2025, 0, 2, 9, 5).toISOString(), now)).toBe("2 Jan 2025 09:05");
});
