import fs from "node:fs";
import { joinPath } from "../home-path/home-rules.ts";
import { toErrno } from "./disk-error.ts";
import { type Folder, openFolder } from "./folder.ts";

/** Something found on a walk. */
export interface Found {
  readonly path: string;
  readonly type: "file" | "folder" | "link" | "other";
  readonly stats: fs.Stats;
}

interface WalkOptions {
  /** Names to come back from; a folder left out is not entered. */
  readonly keep: (path: string) => boolean;
  /** How deep to go; 1 is the folder's own names. */
  readonly depth?: number;
}

const TURN_MS = 8;

/** Everything below a folder, sorted, parents before children, links not followed; others get a turn every few milliseconds. */
export async function* walk(root: Folder, path: string, options: WalkOptions): AsyncGenerator<Found> {
  let pausedAt = performance.now();
  const waiting: { path: string; depth: number }[] = [{ path, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = listNow(root, next.path, options.keep);
    for (const item of found) yield item;
    if (next.depth < (options.depth ?? Infinity)) {
      const below = found
        .filter((item) => item.type === "folder")
        .map((item) => ({ path: item.path, depth: next.depth + 1 }));
      waiting.push(...below.toReversed());
    }
    if (performance.now() - pausedAt < TURN_MS) continue;
    await new Promise(setImmediate);
    pausedAt = performance.now();
  }
}

/** What a folder holds now, sorted by name; empty when it is gone. */
function listNow(root: Folder, path: string, keep: (path: string) => boolean): Found[] {
  const folder = openIfThere(root, path);
  if (folder === undefined) return [];
  using opened = folder;
  const found: Found[] = [];
  for (const name of fs.readdirSync(opened.at(".")).toSorted()) {
    const child = joinPath(path, name);
    const stats = keep(child) ? opened.look(name) : undefined;
    if (stats !== undefined) found.push({ path: child, type: toType(stats), stats });
  }
  return found;
}

/** Whether a folder holds anything worth keeping; looks only as far as the first such name. */
export function isEmptyNow(root: Folder, path: string, keep: (path: string) => boolean): boolean {
  using folder = openFolder(root, path);
  const names = fs.opendirSync(folder.at("."));
  try {
    for (let entry = names.readSync(); entry !== null; entry = names.readSync()) {
      if (keep(joinPath(path, entry.name))) return false;
    }
    return true;
  } finally {
    names.closeSync();
  }
}

/** The kind of a thing on the disk. */
export function toType(stats: fs.Stats): Found["type"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

function openIfThere(root: Folder, path: string): Folder | undefined {
  try {
    return openFolder(root, path);
  } catch (thrown) {
    if (thrown instanceof Error && "kind" in thrown && path !== "") return undefined;
    if (toErrno(thrown) === "EACCES") return undefined;
    throw thrown;
  }
}
