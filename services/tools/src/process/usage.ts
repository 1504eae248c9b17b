import { readFileSync, readdirSync } from "node:fs";
import { lstat, opendir, statfs } from "node:fs/promises";
import path from "node:path";

/** Memory that a process and all below it hold for themselves; for limits that no control group keeps. Processes that end meanwhile count nothing. */
export function measureMemory(pid: number): number {
  let sum = 0;
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    sum += readOwnMemory(next);
    waiting.push(...readChildren(next));
  }
  return sum;
}

function readOwnMemory(pid: number): number {
  const status = readText(`/proc/${pid}/status`);
  const kibibytes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+)/gm)].map(([, value]) => Number(value));
  return kibibytes.reduce((all, value) => all + value, 0) * 1_024;
}

/** The processes that any thread of a process has started. */
function readChildren(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readText(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** What a folder holds. */
export interface FolderSize {
  readonly bytes: number;
  readonly files: number;
}

/** Counts a folder's bytes and entries, and stops counting past `enough`. What vanishes meanwhile counts nothing. */
export async function measureFolder(folder: string, enough: FolderSize): Promise<FolderSize> {
  let [bytes, files] = [0, 0];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entries = await opendir(next).catch(() => []);
    for await (const entry of entries) {
      const file = path.join(next, entry.name);
      files += 1;
      if (entry.isDirectory()) waiting.push(file);
      else bytes += (await lstat(file).catch(() => undefined))?.blocks ?? 0;
      if (bytes * 512 > enough.bytes || files > enough.files) return { bytes: bytes * 512, files };
    }
  }
  return { bytes: bytes * 512, files };
}

/** Room on the disk of a folder: cheap to ask, and a large change is the reason to count the folder itself. */
export async function measureRoom(folder: string): Promise<FolderSize> {
  const disk = await statfs(folder);
  return { bytes: disk.bavail * disk.bsize, files: disk.ffree };
}
