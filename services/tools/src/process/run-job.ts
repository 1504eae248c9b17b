import { type ChildProcess, spawn } from "node:child_process";
import type { ProcessView } from "@matrix-os/contracts/tools/process";
import type { OutputFile } from "../disk/output-file.ts";
import { untilGone, watchFirstProcess } from "./first-process.ts";
import { guardUsage } from "./guard.ts";
import type { Job, Launch, Sandbox } from "./sandbox.ts";

/** How a job ended. */
export interface JobEnd {
  readonly state: Exclude<ProcessView["state"], "running">;
  /** Not set when a signal of ours ended it. */
  readonly exitCode: number | undefined;
}

/** A job under way. */
export interface RunningJob {
  /** Resolves when every process of it has ended; never rejects once the job has started. */
  readonly ended: Promise<JobEnd>;
  /** Kills all of it at once. Only the first reason counts. */
  readonly kill: (why: JobEnd["state"]) => void;
}

/** Starts a job in the sandbox. Its output goes to the file; past its limits it is killed. Throws when the sandbox can't be made. */
export function startJob(sandbox: Pick<Sandbox, "launch">, job: Job, output: OutputFile): RunningJob {
  const launch = sandbox.launch(job);
  const over = new AbortController();
  let why: JobEnd["state"] | undefined;
  const child = spawn(launch.file, [...launch.args], {
    cwd: launch.descriptors.length > 0 ? "/" : job.workFolder,
    env: launch.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...launch.descriptors, ...(launch.tellsFirstProcess ? (["pipe"] as const) : [])],
  });
  const first = launch.tellsFirstProcess ? watchFirstProcess(child.stdio.at(-1)) : () => undefined;
  const kill = (reason: JobEnd["state"]) => {
    why ??= reason;
    killGroup(child);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      if (why === undefined && !output.append(chunk)) kill("over-output");
    });
  }
  const timer = setTimeout(() => kill("timed-out"), job.timeoutSeconds * 1_000);
  void guardUsage(job, { pid: child.pid ?? 0, launch, signal: over.signal }, kill).catch(() => kill("over-disk"));
  const ended = untilClosed(child).then(async (exitCode): Promise<JobEnd> => {
    clearTimeout(timer);
    over.abort();
    await untilGone(first());
    return finish(launch, why, exitCode);
  });
  return { ended, kill };
}

function finish(launch: Launch, why: JobEnd["state"] | undefined, exitCode: number | undefined): JobEnd {
  const ranOut = launch.ranOutOfMemory();
  launch[Symbol.dispose]();
  if (why !== undefined) return { state: why, exitCode: undefined };
  return ranOut ? { state: "over-memory", exitCode } : { state: "exited", exitCode };
}

/** The group is all that is left without a sandbox; inside one, everything dies with its first process. */
function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

const NOT_STARTED = 127;

/** Closed means: no process holds its outputs any more. */
function untilClosed(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(NOT_STARTED));
    child.once("close", (code) => resolve(code ?? undefined));
  });
}
