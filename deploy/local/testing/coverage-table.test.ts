import { expect, test } from "vitest";

import { toLine, toRows } from "./coverage-table.ts";

const thresholds = { "": 85, "services/file": 95, "services/gateway/src/auth": 95 };

test("files are added up by package, and apart where a folder has its own threshold", () => {
  const files = new Map([
    ["services/file/src/a.ts", { total: 10, covered: 9 }],
    ["services/file/src/b/c.ts", { total: 10, covered: 10 }],
    ["services/gateway/src/auth/a.ts", { total: 4, covered: 2 }],
    ["services/gateway/src/main.ts", { total: 2, covered: 2 }],
    ["contracts/src/a.ts", { total: 0, covered: 0 }],
  ]);
  expect(toRows(files, thresholds)).toEqual([
    { folder: "contracts", percent: 100, threshold: 85, files: 1 },
    { folder: "services/file", percent: 95, threshold: 95, files: 2 },
    { folder: "services/gateway", percent: 100, threshold: 85, files: 1 },
    { folder: "services/gateway/src/auth", percent: 50, threshold: 95, files: 1 },
  ]);
});

test("a row below its threshold says so", () => {
  expect(toLine({ folder: "libs/turn", percent: 94.9, threshold: 95, files: 3 })).toMatch(/94\.9 %.*below$/);
  expect(toLine({ folder: "libs/turn", percent: 95, threshold: 95, files: 3 })).toMatch(/ok$/);
});
