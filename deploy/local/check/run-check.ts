import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { rootFolder } from "../root-folder.ts";
import { checks, withoutCounts, type Check } from "./checks.ts";

const longestCheckMs = 300_000;
const sourceFiles = "{contracts,libs,services,deploy,tests}/**/*.ts";
const withoutSource = ["**/node_modules/**", "**/generated/**", "services/{shell,rehearsal/apps}/**"];

/** How a check ended. `report` is for people: one line when it passed, everything it said when it didn't. */
export interface CheckResult {
  readonly passed: boolean;
  readonly report: string;
}

/** Runs one check over the tree. It fails too when it has read less than it must: a checker that sees nothing finds nothing. */
export async function runCheck(name: string): Promise<CheckResult> {
  const check = checks[name];
  if (!check) return { passed: false, report: `unknown check ${name}; there are ${Object.keys(checks).join(", ")}` };
  const startedAt = performance.now();
  const { exitCode, printed } = await run(check);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const count = check.count(printed);
  const atLeast = Math.max(1, check.atLeast(countSourceFiles()));
  const line = `${name}: ${count} ${check.counts}, ${seconds} s`;
  if (exitCode !== 0) return { passed: false, report: `${withoutCounts(printed).trim()}\n${line}, failed` };
  if (count < atLeast) return { passed: false, report: `${line}, but at least ${atLeast} were there to read` };
  return { passed: true, report: line };
}

function countSourceFiles(): number {
  return globSync(sourceFiles, { cwd: rootFolder, exclude: withoutSource }).length;
}

async function run(check: Check): Promise<{ exitCode: number; printed: string }> {
  const [program, ...rest] = check.command;
  const child = spawn(join(rootFolder, "node_modules/.bin", program), rest, {
    cwd: rootFolder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: longestCheckMs,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number>((settle, fail) => child.on("error", fail).on("close", (code) => settle(code ?? 1)));
  const [exitCode, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, printed: output + errors };
}
