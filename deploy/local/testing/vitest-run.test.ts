import { join } from "node:path";

import { expect, test } from "vitest";

import { rootFolder } from "../root-folder.ts";
import { addUp, fromReport, judge } from "./vitest-run.ts";

const nothing = { passed: 0, failed: 0, skipped: 0, failures: [] };

test("a run that ended badly without a failed test, or ran nothing, is one failure that says so", () => {
  expect(judge(1, { ...nothing, passed: 7 })).toMatchObject({
    passed: 7,
    failed: 1,
    failures: [expect.stringMatching(/code 1 after 7/)],
  });
  expect(judge(0, nothing)).toMatchObject({
    passed: 0,
    failed: 1,
    failures: [expect.stringMatching(/code 0 after 0/)],
  });
});

test("failed tests are counted once", () => {
  expect(judge(1, { ...nothing, passed: 7, failed: 2 })).toMatchObject({ passed: 7, failed: 2, failures: [] });
});

test("runs add up", () => {
  const sums = [
    { passed: 1, failed: 2, skipped: 3, failures: ["a"] },
    { passed: 10, failed: 20, skipped: 30, failures: ["b"] },
  ];
  expect(addUp(sums)).toEqual({ passed: 11, failed: 22, skipped: 33, failures: ["a", "b"] });
});

test("a failed test is named with its file and what it said, a file that couldn't be loaded with why", () => {
  const failed = { status: "failed", fullName: "does a thing", failureMessages: ["expected 1\nto be 2"] };
  const report = {
    numPassedTests: 1,
    numFailedTests: 1,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [
      {
        name: join(rootFolder, "tests/a.test.ts"),
        message: "",
        assertionResults: [failed, { ...failed, status: "passed" }],
      },
      { name: join(rootFolder, "tests/b.test.ts"), message: "no such module", assertionResults: [] },
    ],
  };
  expect(fromReport(report, "split")).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    failures: [
      "split: tests/a.test.ts: does a thing\n    expected 1\n    to be 2",
      "split: tests/b.test.ts\n    no such module",
    ],
  });
});
