import { expect, test } from "vitest";

import { checks, withoutCounts } from "./checks.ts";

test.each([
  ["format", "Finished in 8ms on 95 files using 2 threads.", 95],
  ["lint", "Finished in 1.4s on 1 file with 198 rules using 2 threads.", 1],
  ["types", "/tree/node_modules/a/a.d.ts\n/tree/libs/a.ts\n/tree/libs/b.ts\nlibs/a.ts(1,1): error\n", 2],
  ["unused", "Name  size\nparseFile                     66   0.04\n", 66],
  ["structure", "      Tests  2 failed | 74 passed (76)", 74],
])("%s counts what it has read", (name, printed, count) => {
  expect(checks[name]?.count(printed)).toBe(count);
});

test("a checker that says nothing has read nothing", () => {
  expect(Object.values(checks).map((check) => check.count(""))).toEqual(Object.keys(checks).map(() => 0));
});

test("problems are told without the lists that are only counted", () => {
  const printed = "libs/a.ts(1,1): error TS1\n/tree/libs/a.ts\n\nName                        size   min\nload  4\n";
  expect(withoutCounts(printed).trim()).toBe("libs/a.ts(1,1): error TS1");
});
