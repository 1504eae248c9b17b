import { expect, test } from "vitest";
import { judgeClock } from "./gateway.ts";
import { judgeDisk, judgeNode, judgeTokenMode } from "./machine.ts";

test("an old Node fails", () => {
  expect([judgeNode("v24.1.0").level, judgeNode("v25.0.0").level, judgeNode("v22.3.0").level]).toEqual([
    "ok",
    "ok",
    "fail",
  ]);
});

test.each([
  [0o100600, "ok"],
  [0o100400, "ok"],
  [0o100640, "fail"],
  [0o100604, "fail"],
])("a token of mode %o is %s", (mode, level) => {
  expect(judgeTokenMode("/t", mode).level).toBe(level);
});

test("little room warns, almost none fails, also when only file entries run out", () => {
  const judge = (freeBytes: number, freeNodes?: number) =>
    judgeDisk("disk", { folder: "/h", freeBytes, freeNodes }).level;
  expect([judge(5e9), judge(5e8), judge(5e6), judge(5e9, 10), judge(5e9, 10_000)]).toEqual([
    "ok",
    "warn",
    "fail",
    "fail",
    "ok",
  ]);
});

test("clocks may differ by seconds, not by minutes", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  expect(judgeClock("Tue, 24 Nov 2026 12:00:05 GMT", now).level).toBe("ok");
  expect(judgeClock("Tue, 24 Nov 2026 12:03:00 GMT", now)).toMatchObject({
    level: "warn",
    sentence: expect.stringContaining("180 s"),
  });
  expect(judgeClock(undefined, now).level).toBe("warn");
});
