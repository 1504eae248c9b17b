import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { isOfDeadProcess } from "./leftover.ts";

test("only what names a dead process is left over", () => {
  const { pid } = spawnSync("true");
  expect(isOfDeadProcess(`x-${pid}-abc`, "x-")).toBe(true);
  expect(isOfDeadProcess(`x-${process.pid}-abc`, "x-")).toBe(false);
  expect(isOfDeadProcess("x-1-abc", "x-")).toBe(false);
  expect(isOfDeadProcess("x-abc", "x-")).toBe(false);
  expect(isOfDeadProcess(`y-${pid}-abc`, "x-")).toBe(false);
});
