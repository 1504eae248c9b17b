import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { LogFile } from "./log-file.ts";

/** How a process is started. */
export interface ChildCommand {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Whether it says over IPC when it is ready. */
  readonly tellsReady: boolean;
  /** What it prints when only a new start can help it. */
  readonly spoiltWhenSaying?: RegExp;
}

/** A process that is started again when it ends by itself. */
export interface Child {
  readonly name: string;
  /** Resolves when it was ready for the first time; rejects when it can't be configured. */
  readonly ready: Promise<void>;
  readonly stop: (graceMs: number) => Promise<void>;
}

/** What a child tells its supervisor. */
export interface ChildWatch {
  readonly log: LogFile;
  readonly onStart: (pid: number) => void;
  /** It ended with a configuration error: starting it again can't help. */
  readonly onHopeless: (reason: string) => void;
  readonly onRestart: (inMs: number) => void;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 3_000;
const HEALTHY_AFTER_MS = 30_000;
const EX_CONFIG = 78;
/** Starts in a row that never got ready, after which trying on would only hide the reason. */
const HOPELESS_AFTER = 3;

/** Starts a process and keeps it running, with a growing pause between tries. */
export function keepRunning(command: ChildCommand, watch: ChildWatch): Child {
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  first.promise.catch(() => undefined);
  let current: ChildProcess | undefined;
  let wasReady = !command.tellsReady;
  const onReady = () => {
    wasReady = true;
    first.resolve();
  };
  const run = async () => {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      const startedAt = Date.now();
      current = start(command, watch, onReady);
      const { code, errors } = await ended(current);
      if (stopping.signal.aborted) return;
      if (code === EX_CONFIG || (!wasReady && failures + 1 >= HOPELESS_AFTER)) {
        watch.onHopeless(errors);
        return first.reject(new Error(errors));
      }
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) failures = 0;
      const pauseMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS);
      watch.onRestart(pauseMs);
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const finished = run();
  return {
    name: command.name,
    ready: first.promise,
    stop: async (graceMs) => {
      stopping.abort();
      current?.kill("SIGTERM");
      const timer = setTimeout(() => current?.kill("SIGKILL"), graceMs);
      await finished;
      clearTimeout(timer);
    },
  };
}

/** In a process group of its own: a Ctrl-C at the terminal reaches only the supervisor, which drains in order. */
function start(command: ChildCommand, watch: ChildWatch, onReady: () => void): ChildProcess {
  const child = spawn(command.file, [...command.args], {
    env: command.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...(command.tellsReady ? (["ipc"] as const) : [])],
  });
  const endWithSupervisor = () => child.kill("SIGKILL");
  process.once("exit", endWithSupervisor);
  child.once("close", () => process.off("exit", endWithSupervisor));
  child.on("message", onReady);
  const hear = (chunk: Buffer) => {
    watch.log.write(chunk);
    if (command.spoiltWhenSaying?.test(chunk.toString()) === true) child.kill("SIGKILL");
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  if (child.pid !== undefined) watch.onStart(child.pid);
  return child;
}

const MAX_KEPT_ERROR_CHARS = 4_000;

function ended(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-MAX_KEPT_ERROR_CHARS);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: -1, errors: error.message }));
    child.once("close", (code) => resolve({ code, errors: errors.trim() }));
  });
}
