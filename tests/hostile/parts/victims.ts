import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@matrix-os/testkit/eventually";
import { isAlive, signal } from "@matrix-os/testkit/process-tree";
import type { TestSystem } from "@matrix-os/testkit/start-system";

/** Who is killed, with what stands in its command line. A service joins the list with its folder. */
const commands = {
  file: "services/file/src/main.ts",
  kernel: "services/kernel/src/main.ts",
  dispatcher: "services/dispatcher/src/main.ts",
  tools: "services/tools/src/main.ts",
  gateway: "services/gateway/src/main.ts",
  broker: "nats-server",
} as const;

/** A part of the system that faults are aimed at. */
export type Victim = keyof typeof commands;

const root = join(import.meta.dirname, "..", "..", "..");

/** Every part that this tree has. */
export const victims: readonly Victim[] = (Object.keys(commands) as Victim[]).filter(
  (name) => name === "broker" || existsSync(join(root, commands[name])),
);

/** The living processes of a part. */
export function findVictims(system: TestSystem, victim: Victim): number[] {
  return system.pids().filter((pid) => isAlive(pid) && readCommand(pid).includes(commands[victim]));
}

/** Ends the broker and everything it has kept. */
export function wipeBroker(system: TestSystem): void {
  for (const pid of findVictims(system, "broker")) signal(pid, "SIGKILL");
  rmSync(join(system.state, "broker"), { recursive: true, force: true, maxRetries: 10, retryDelay: 5 });
}

/** The one living process of a part that has one. */
export async function untilAlive(system: TestSystem, victim: Victim): Promise<number> {
  return eventually(() => findVictims(system, victim)[0], { withinMs: 15_000 });
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
