import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Limits } from "../command/limits.ts";
import { isOfDeadProcess } from "./leftover.ts";

/** A group of processes whose memory and number the kernel limits. */
export interface ControlGroup extends Disposable {
  /** A process joins by writing its number into each of these. */
  readonly doors: readonly string[];
  readonly ranOutOfMemory: () => boolean;
}

/** Makes control groups, or says why it can't. */
export type ControlGroups =
  | { readonly kind: "some"; readonly create: (name: string, limits: Limits) => ControlGroup; readonly what: string }
  | { readonly kind: "none"; readonly why: string };

const PREFIX = "matrix-os-";
const ROOT = "/sys/fs/cgroup";

/** One folder of one hierarchy: what is written there, and which file tells of kills. */
interface Level {
  readonly parent: string;
  readonly settings: (limits: Limits) => Readonly<Record<string, string>>;
  readonly kills: string | undefined;
}

/** Finds out, by making a group, whether this process may limit others through the kernel. */
export function findControlGroups(trial: Limits): ControlGroups {
  const own = readOwnGroups();
  for (const { what, levels } of [...toUnified(own), ...toSeparate(own)]) {
    try {
      createGroup(levels, "trial", trial)[Symbol.dispose]();
      for (const { parent } of levels) removeLeftovers(parent);
      return { kind: "some", what, create: (name, limits) => createGroup(levels, name, limits) };
    } catch {
      // The next one may do; a machine without any is told of below.
    }
  }
  return { kind: "none", why: "no control group for memory and processes can be made by this user" };
}

/** The groups of this process, by controller; the unified hierarchy has no name. */
function readOwnGroups(): ReadonlyMap<string, string> {
  const lines = readText("/proc/self/cgroup").split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [, controllers, ...rest] = line.split(":");
      return (controllers ?? "").split(",").map((name): [string, string] => [name, rest.join(":")]);
    }),
  );
}

interface Candidate {
  readonly what: string;
  readonly levels: readonly Level[];
}

/** Version 2: one folder for everything. Below a group that holds processes the kernel limits nothing, so the root is tried too. */
function toUnified(own: ReadonlyMap<string, string>): Candidate[] {
  if (!existsSync(path.join(ROOT, "cgroup.controllers"))) return [];
  return [...new Set([own.get("") ?? "/", "/"])].map((group) => {
    const parent = path.join(ROOT, group);
    return { what: "control groups (version 2)", levels: [toUnifiedLevel(parent)] };
  });
}

function toUnifiedLevel(parent: string): Level {
  return {
    parent,
    settings: (limits) => ({
      "memory.max": String(limits.memoryBytes),
      "memory.oom.group": "1",
      "pids.max": String(limits.processes),
    }),
    kills: "memory.events",
  };
}

/** Version 1: a folder for each controller. */
function toSeparate(own: ReadonlyMap<string, string>): Candidate[] {
  const [memory, pids] = [own.get("memory"), own.get("pids")];
  if (memory === undefined || pids === undefined) return [];
  const levels: Level[] = [
    {
      parent: path.join(ROOT, "memory", memory),
      settings: (limits) => ({ "memory.limit_in_bytes": String(limits.memoryBytes) }),
      kills: "memory.oom_control",
    },
    {
      parent: path.join(ROOT, "pids", pids),
      settings: (limits) => ({ "pids.max": String(limits.processes) }),
      kills: undefined,
    },
  ];
  return [{ what: "control groups (version 1)", levels }];
}

function createGroup(levels: readonly Level[], name: string, limits: Limits): ControlGroup {
  const made: string[] = [];
  const group: ControlGroup = {
    doors: levels.map(({ parent }) => path.join(toFolder(parent, name), "cgroup.procs")),
    ranOutOfMemory: () =>
      levels.some(
        ({ parent, kills }) => kills !== undefined && countKills(path.join(toFolder(parent, name), kills)) > 0,
      ),
    [Symbol.dispose]: () => made.toReversed().forEach(remove),
  };
  try {
    for (const { parent, settings } of levels) {
      delegate(parent);
      const folder = toFolder(parent, name);
      mkdirSync(folder);
      made.push(folder);
      for (const [file, value] of Object.entries(settings(limits))) setExisting(path.join(folder, file), value);
    }
    return group;
  } catch (error) {
    group[Symbol.dispose]();
    throw error;
  }
}

function toFolder(parent: string, name: string): string {
  return path.join(parent, `${PREFIX}${process.pid}-${name}`);
}

/** Lets the groups below have limits; where they have them already, or can't, the trial tells. */
function delegate(parent: string): void {
  const file = path.join(parent, "cgroup.subtree_control");
  if (!existsSync(file) || /\bmemory\b/.test(readText(file))) return;
  try {
    writeFileSync(file, "+memory +pids");
  } catch {
    // Told by the missing files of the group.
  }
}

/** Opened for writing only: a file that is not there means a controller that is not there. */
function setExisting(file: string, value: string): void {
  writeFileSync(file, value, { flag: "r+" });
}

/** Groups of processes that were killed. One that is not empty stays. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent).filter((name) => isOfDeadProcess(name, PREFIX)))
    remove(path.join(parent, name));
}

function countKills(file: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(readText(file))?.[1] ?? 0);
}

/** Its last process may be on its way out; what then is left is empty and costs nothing. */
function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    setTimeout(() => {
      try {
        rmdirSync(folder);
      } catch {
        // Empty; gone with the next start of the service.
      }
    }, 500).unref();
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
