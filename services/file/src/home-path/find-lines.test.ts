import { expect, it } from "vitest";
import { findLines } from "./find-lines.ts";

it("finds lines in any case, clipped around the place, and nothing in bytes that are no text", () => {
  expect(findLines(Buffer.from("one\r\nTWO\r\ntwo"), "two")).toEqual([
    { line: 2, text: "TWO" },
    { line: 3, text: "two" },
  ]);
  expect(findLines(Buffer.from("one"), "two")).toEqual([]);
  expect(findLines(Buffer.from("two\0"), "two")).toEqual([]);
  const [clipped] = findLines(Buffer.from(`${"x".repeat(5_000)}needle${"y".repeat(5_000)}`), "needle");
  expect(clipped?.text.length).toBe(300);
  expect(clipped?.text).toContain("needle");
  expect(findLines(Buffer.from("a\n".repeat(1_000)), "a").length).toBe(200);
});
