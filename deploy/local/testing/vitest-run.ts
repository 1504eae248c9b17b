import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { rootFolder } from "../root-folder.ts";

const longestRunMs = 25 * 60_000;

/** One run of vitest: the projects it covers and what it sets in the environment. */
export interface VitestRun {
  readonly name: string;
  readonly projects: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
}

/** How many tests passed, failed and were skipped. */
export interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
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
  return judge(exitCode, readReport(report));
}

/** Adds up runs. */
export function addUp(sums: readonly Sum[]): Sum {
  return {
    passed: sums.reduce((total, { passed }) => total + passed, 0),
    failed: sums.reduce((total, { failed }) => total + failed, 0),
    skipped: sums.reduce((total, { skipped }) => total + skipped, 0),
  };
}

/** Makes an ending without a failed test visible as one failure. */
export function judge(exitCode: number, sum: Sum): Sum {
  const endedWell = exitCode === 0 && sum.passed > 0;
  return endedWell || sum.failed > 0 ? sum : { ...sum, failed: 1 };
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

function readReport(path: string): Sum {
  try {
    const report: unknown = JSON.parse(readFileSync(path, "utf8"));
    return {
      passed: numberAt(report, "numPassedTests"),
      failed: numberAt(report, "numFailedTests"),
      skipped: numberAt(report, "numPendingTests") + numberAt(report, "numTodoTests"),
    };
  } catch {
    // No report: vitest didn't get that far, which `judge` turns into a failure.
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function numberAt(report: unknown, name: string): number {
  const fields = new Map<string, unknown>(Object.entries(report ?? {}));
  const value = fields.get(name);
  return typeof value === "number" ? value : 0;
}
