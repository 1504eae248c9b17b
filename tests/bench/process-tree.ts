import { readFileSync, readdirSync } from "node:fs";

/** Milliseconds of one clock tick on Linux (`sysconf(_SC_CLK_TCK)` is 100 on every common build). */
const TICK_MS = 10;

/** Every process below a pid, itself included. Linux only. */
export function readTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? readParent(Number(name)) : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const tree = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (!tree.has(parent) || tree.has(pid)) continue;
      tree.add(pid);
      grown = true;
    }
  }
  return [...tree];
}

/** CPU time that the processes have used so far, in milliseconds. */
export function readCpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readStat(pid);
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
  }, 0);
}

/** Memory of the processes, shared pages counted once each (PSS), in MB. */
export function readMemoryMb(pids: readonly number[]): number {
  const kib = pids.reduce(
    (sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    0,
  );
  return (kib * 1_024) / 1_000_000;
}

function readParent(pid: number): number | undefined {
  const parent = readStat(pid)[1];
  return parent === undefined ? undefined : Number(parent);
}

/** The fields of `/proc/<pid>/stat` after the name, which may hold anything. */
function readStat(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
