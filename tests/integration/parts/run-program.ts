import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readPlainEnv } from "@matrix-os/testkit/config";
import type { TestSystem } from "@matrix-os/testkit/start-system";

const root = join(import.meta.dirname, "..", "..", "..");

/** What a finished program has left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

/** Starts a program in the root of the tree with nothing of this machine's own settings. */
export function startProgram(file: string, args: readonly string[], env: Env): ChildProcess {
  return spawn(file, [...args], { cwd: root, env: { ...readPlainEnv(), ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs a program to its end. */
export async function runProgram(file: string, args: readonly string[], env: Env): Promise<Ran> {
  const child = startProgram(file, args, env);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const said = [child.stdout, child.stderr].map((stream) => (stream === null ? Promise.resolve("") : text(stream)));
  const [stdout = "", stderr = ""] = await Promise.all(said);
  return { code: await ended, stdout, stderr };
}

/** Runs the command line of a system as its owner does. */
export function runMatrixos(system: TestSystem, ...words: string[]): Promise<Ran> {
  return runProgram("./matrixos", words, toOwnerEnv(system));
}

/** What names a system to the command line. */
export function toOwnerEnv(system: TestSystem): Env {
  return { MATRIX_URL: system.url(), MATRIX_STATE: system.state, MATRIX_HOME: system.home };
}

/** Starts the system once more, as `make start` does, and waits until that has ended. */
export function runStart(env: Env): Promise<Ran> {
  return runProgram(process.execPath, ["--disable-warning=ExperimentalWarning", "deploy/local/start.ts"], env);
}
