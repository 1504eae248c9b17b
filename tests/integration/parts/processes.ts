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

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
