import { expect, test } from "vitest";

import { runCheck } from "./run-check.ts";

test("an unknown check fails and names those that exist", async () => {
  const result = await runCheck("spelling");
  expect(result.passed).toBe(false);
  expect(result.report).toContain("format, lint, types");
});

test("a check reads at least half of the tree's source files", async () => {
  const { report } = await runCheck("format");
  expect(report).toMatch(/format: \d+ files/);
  expect(report).not.toContain("were there to read");
});
