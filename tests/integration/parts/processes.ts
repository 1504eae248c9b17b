import { readFileSync } from "node:fs";
import { isAlive, signal } from "@matrix-os/testkit/process-tree";
import type { TestSystem } from "@matrix-os/testkit/start-system";

const commands = {
  broker: "nats-server",
  file: "services/file/src/main.ts",
  core: "deploy/local/core.ts",
  dispatcher: "services/dispatcher/src/main.ts",
  kernel: "services/kernel/src/main.ts",
  gateway: "services/gateway/src/main.ts",
} as const;

/** A process of a running system. */
export type ProcessName = keyof typeof commands;

/** The living processes of a system that run this; none where another process does that work. */
export function findProcesses(system: TestSystem, name: ProcessName): number[] {
  return system.pids().filter((pid) => isAlive(pid) && readCommand(pid).includes(commands[name]));
}

/** SIGKILL to each of them. */
export function killProcesses(system: TestSystem, name: ProcessName): void {
  const pids = findProcesses(system, name);
  if (pids.length === 0) throw new Error(`no ${name} runs`);
  for (const pid of pids) signal(pid, "SIGKILL");
}

/** The command line of a process; empty when it has ended. */
export function readCommand(pid: number): string {
  return readOfProcess(pid, "cmdline");
}

/** The environment that a process was started with; empty when it has ended. */
export function readEnviron(pid: number): string {
  return readOfProcess(pid, "environ");
}

function readOfProcess(pid: number, name: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
