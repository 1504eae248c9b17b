import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "@matrix-os/testkit/temp-folder";

/** Calls that change what a disk holds or make it durable. */
const calls = [
  "openat",
  "mkdir",
  "pwrite64",
  "fsync",
  "fdatasync",
  "rename",
  "link",
  "unlink",
  "ftruncate",
  "symlink",
  "rmdir",
] as const;

/** With one thread for slow disk work (`UV_THREADPOOL_SIZE=1`) each call belongs to one of two threads and has a number there. */
export const ONE_THREAD = { UV_THREADPOOL_SIZE: "1" } as const;

type ThreadName = "main" | "pool";

/** The moment before the nth call of this kind on this thread. */
export interface CallPoint {
  readonly thread: ThreadName;
  readonly call: string;
  readonly nth: number;
  /** What the call was about, for people. */
  readonly about: string;
}

/** A tracer that is attached. */
export interface Tracer extends AsyncDisposable {
  readonly output: () => string;
  readonly ended: Promise<unknown>;
}

/** Lists the points that a piece of work passes in the file service. */
export async function listPoints(pid: number, work: () => Promise<void>): Promise<CallPoint[]> {
  const threads: readonly ThreadName[] = ["main", "pool"];
  const outputs: string[] = [];
  {
    await using main = await attach(findThread(pid, "main"), ["-e", `trace=${calls.join()}`]);
    await using pool = await attach(findThread(pid, "pool"), ["-e", `trace=${calls.join()}`]);
    await work();
    outputs.push(main.output(), pool.output());
  }
  return threads.flatMap((thread, at) => toPoints(thread, outputs[at] ?? ""));
}

/** Sends the file service a signal at a point: SIGKILL before the call happens, SIGSTOP right after it. */
export function strikeAt(
  pid: number,
  { thread, call, nth }: CallPoint,
  signal: "SIGKILL" | "SIGSTOP",
): Promise<Tracer> {
  const inject = ["-e", `trace=${call}`, "-e", `inject=${call}:signal=${signal}:when=${nth}`];
  return attach(findThread(pid, thread), inject);
}

/** Attaches strace to one thread; resolves when it traces. */
export async function attach(thread: number, options: readonly string[]): Promise<Tracer> {
  const folder = tempFolder("strace");
  const path = join(folder.path, "calls");
  const child = spawn("strace", ["-y", "-s", "16", "-o", path, ...options, "-p", String(thread)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  await untilAttached(child);
  return {
    output: () => readText(path),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGINT");
      await ended;
      folder[Symbol.dispose]();
    },
  };
}

function untilAttached(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("attached")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`strace ended: ${said}`)));
  });
}

/** The thread that runs JavaScript, or the one that libuv gives slow disk work to. */
export function findThread(pid: number, name: ThreadName): number {
  if (name === "main") return pid;
  const tasks = `/proc/${pid}/task`;
  const found = readdirSync(tasks).find((task) => readText(`${tasks}/${task}/comm`).startsWith("libuv-worker"));
  if (found === undefined) throw new Error(`process ${pid} has no thread for the disk yet`);
  return Number(found);
}

function toPoints(thread: ThreadName, output: string): CallPoint[] {
  const counts = new Map<string, number>();
  return output.split("\n").flatMap((line) => {
    const call = /^(\w+)\(/.exec(line)?.[1];
    if (call === undefined) return [];
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    if (call === "openat" && !line.includes("O_CREAT")) return [];
    return [{ thread, call, nth, about: toAbout(line) }];
  });
}

function toAbout(line: string): string {
  const path =
    /<([^>]*\/home[^>]*)>/.exec(line.replace(/AT_FDCWD<[^>]*>/, ""))?.[1] ?? /"([^"]*)"/.exec(line)?.[1] ?? "";
  return path.replace(/^.*?\/home\//, "").replace(/[0-9a-f]{64}/, "KEY");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
