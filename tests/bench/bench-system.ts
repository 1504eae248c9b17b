import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..", "..");

/** A system under measurement, with a home and a state of its own. */
export interface BenchSystem extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly home: string;
  readonly readyAfterMs: number;
}

/** Where a measured system keeps its files; kept between starts. */
export interface BenchFolders extends Disposable {
  readonly home: string;
  readonly state: string;
}

/** Fresh folders on the disk (not in memory: the fsyncs count). */
export function makeFolders(): BenchFolders {
  const base = mkdtempSync(join(process.env["BENCH_FOLDER"] ?? tmpdir(), "matrix-bench-"));
  return {
    home: join(base, "home"),
    state: join(base, "state"),
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Starts the merged system as a person would, and waits for its `ready` line. */
export async function startBenchSystem(folders: BenchFolders, modelUrl: string): Promise<BenchSystem> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, "deploy/local/start.ts")], {
    env: {
      ...process.env,
      MATRIX_HOME: folders.home,
      MATRIX_STATE: folders.state,
      MATRIX_PORT: "0",
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: "",
      MATRIX_MODEL: "",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await untilLine(child, /^ready (\S+)/);
  return {
    url,
    token: readFileSync(join(folders.state, "owner.token"), "utf8").trim(),
    pid: child.pid ?? 0,
    home: folders.home,
    readyAfterMs: performance.now() - startedAt,
    [Symbol.asyncDispose]: () => end(child),
  };
}

/** A model that answers at once, in a process of its own so that its CPU is not counted as ours. */
export async function startInstantModel(): Promise<AsyncDisposable & { url: string }> {
  const child = fork(join(import.meta.dirname, "instant-model.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const port = await new Promise<number>((resolve) =>
    child.once("message", (message: { port: number }) => resolve(message.port)),
  );
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => end(child) };
}

/** Resolves with the first group of the first line that matches; rejects when the process ends before. */
function untilLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`ended with ${code} before it was ready`)));
    if (child.stdout === null) return reject(new Error("the process has no output to read"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
