import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runCheck } from "./check/run-check.ts";
import { rootFolder } from "./root-folder.ts";
import { addUp, runVitest, type Sum } from "./testing/vitest-run.ts";

// Structure is a vitest project too: its tests are counted with the others.
const longestCheckReport = 1500;
const checks = ["format", "lint", "types", "shell-types", "unused"];

const failedChecks = await runChecks();
const total = addUp([failedChecks, ...(await runTests())]);
if (total.skipped > 0) process.stdout.write(`${total.skipped} tests skipped\n`);
const failures = total.failures.map((failure) => `FAILED ${failure}\n`).join("");
const summary = `${failures}tests: ${total.passed} passed, ${total.failed} failed\n`;
writeFileSync(join(rootFolder, ".tools/test-summary"), summary);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
process.stdout.write(summary);

// A failed check counts as a failed test, a passed one is not a test.
async function runChecks(): Promise<Sum> {
  const results = await Promise.all(checks.map((name) => runCheck(name)));
  for (const { report } of results) process.stdout.write(`${report}\n`);
  const failures = results.filter(({ passed }) => !passed).map(({ report }) => report.slice(-longestCheckReport));
  return { passed: 0, failed: failures.length, skipped: 0, failures };
}

async function runTests(): Promise<Sum[]> {
  const hasIntegration = globSync("tests/integration/**/*.test.ts", { cwd: rootFolder }).length > 0;
  const together = await runVitest({ name: "together", projects: ["unit", "structure", "integration", "browser"] });
  if (!hasIntegration) return [together];
  process.stdout.write("\nThe integration tests again, each service its own process (SPLIT=1)\n");
  const split = await runVitest({ name: "split", projects: ["integration"], environment: { SPLIT: "1" } });
  const hostile = await runVitest({ name: "hostile", projects: ["hostile"] });
  return [together, split, hostile];
}
