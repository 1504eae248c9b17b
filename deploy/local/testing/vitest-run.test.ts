import { expect, test } from "vitest";

import { addUp, judge } from "./vitest-run.ts";

const nothing = { passed: 0, failed: 0, skipped: 0 };

test("a run that ended badly without a failed test, or ran nothing, is one failure", () => {
  expect(judge(1, { ...nothing, passed: 7 })).toEqual({ passed: 7, failed: 1, skipped: 0 });
  expect(judge(0, nothing)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("failed tests are counted once", () => {
  expect(judge(1, { passed: 7, failed: 2, skipped: 0 })).toEqual({ passed: 7, failed: 2, skipped: 0 });
});

test("runs add up", () => {
  const sums = [
    { passed: 1, failed: 2, skipped: 3 },
    { passed: 10, failed: 20, skipped: 30 },
  ];
  expect(addUp(sums)).toEqual({ passed: 11, failed: 22, skipped: 33 });
});
