import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

import { z } from "zod";

import { rootFolder } from "../root-folder.ts";

const longestRunMs = 25 * 60_000;
const linesOfFailure = 10;
const widthOfFailure = 300;

const reportShape = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).default([]) }),
      ),
    }),
  ),
});

/** One run of vitest: the projects it covers and what it sets in the environment. */
export interface VitestRun {
  readonly name: string;
  readonly projects: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
}

/** How many tests passed, failed and were skipped; `failures` names each failed one and says what it said. */
export interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

/**
 * Runs vitest, its output going straight to the terminal, and counts from its JSON report. A run that ended badly
 * without a failed test (a file that can't be loaded, an error outside a test, a time-out) or that ran nothing counts as one failure.
 */
export async function runVitest(run: VitestRun): Promise<Sum> {
  const report = join(rootFolder, ".tools/test-reports", `${run.name}.json`);
  mkdirSync(join(report, ".."), { recursive: true });
  rmSync(report, { force: true });
  const projects = run.projects.flatMap((project) => ["--project", project]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const exitCode = await execute(["run", ...projects, ...reporters, ...(run.options ?? [])], run.environment ?? {});
  return judge(exitCode, readReport(report, run.name));
}

/** Adds up runs. */
export function addUp(sums: readonly Sum[]): Sum {
  return {
    passed: sums.reduce((total, { passed }) => total + passed, 0),
    failed: sums.reduce((total, { failed }) => total + failed, 0),
    skipped: sums.reduce((total, { skipped }) => total + skipped, 0),
    failures: sums.flatMap(({ failures }) => failures),
  };
}

/** Makes an ending without a failed test visible as one failure. */
export function judge(exitCode: number, sum: Sum): Sum {
  const endedWell = exitCode === 0 && sum.passed > 0;
  if (endedWell || sum.failed > 0) return sum;
  return {
    ...sum,
    failed: 1,
    failures: [`the run ended with code ${exitCode} after ${sum.passed} tests, none failed`],
  };
}

/** Counts from vitest's JSON report. The words of a failure are cut after ten lines. */
export function fromReport(report: unknown, run: string): Sum {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = reportShape.parse(report);
  const failures = testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === "failed");
    const file = relative(rootFolder, name);
    if (failed.length === 0 && message !== "") return [`${run}: ${file}\n${firstLines(message)}`];
    return failed.map((test) => `${run}: ${file}: ${test.fullName}\n${firstLines(test.failureMessages.join("\n"))}`);
  });
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests, failures };
}

async function execute(options: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(join(rootFolder, "node_modules/.bin/vitest"), options, {
    cwd: rootFolder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
    timeout: longestRunMs,
  });
  return await new Promise((settle, fail) => child.on("error", fail).on("close", (code) => settle(code ?? 1)));
}

function readReport(path: string, run: string): Sum {
  try {
    return fromReport(JSON.parse(readFileSync(path, "utf8")), run);
  } catch {
    // No report: vitest didn't get that far, which `judge` turns into a failure.
    return { passed: 0, failed: 0, skipped: 0, failures: [] };
  }
}

function firstLines(text: string): string {
  return text
    .split("\n", linesOfFailure)
    .map((line) => `    ${line.slice(0, widthOfFailure)}`)
    .join("\n");
}
