import fs from "node:fs";
import { OsError } from "@matrix-os/contracts/errors";
import { type PathState, isSameState } from "../../change/path-state.ts";
import { foldersAbove, joinPath } from "../../home-path/home-rules.ts";
import { toHomePath } from "../../workspace/workspace-rules.ts";
import type { WorkspaceChange } from "../../workspace/workspace-changes.ts";
import { type Folder, lookAt, openFolder } from "../folder.ts";
import { lookNow } from "../home/look-now.ts";
import type { Home } from "../home/replace-file.ts";
import type { BaseManifest } from "./base-manifest.ts";
import { isStill } from "./mirror-folder.ts";
import { createPace } from "./pace.ts";

/** What is to be done in the home, by paths of the home; with any conflict nothing is. */
export interface CheckInPlan {
  readonly apply: readonly WorkspaceChange[];
  readonly conflicts: readonly string[];
}

/** Compares what a command did with what stands in the home now. What both did alike needs nothing. */
export async function planCheckIn(
  home: Home,
  base: BaseManifest,
  changes: readonly WorkspaceChange[],
): Promise<CheckInPlan> {
  const apply: WorkspaceChange[] = [];
  const conflicts: string[] = [];
  const pace = createPace();
  const around = toSurroundings(home.root, base, changes);
  for (const { path, before, after } of changes) {
    await pace();
    const change = { path: toHomePath(base.folder, path), before, after };
    const current = await readCurrent(home, base, path);
    if (isDone(change, current)) continue;
    apply.push(change);
    if (!isSameState(current, before) || isBlocked(change, around)) conflicts.push(change.path);
  }
  return { apply, conflicts };
}

/** What stands there now, read only when its stamp does not tell. */
async function readCurrent(home: Home, base: BaseManifest, path: string): Promise<PathState | undefined> {
  const known = base.entries.get(path);
  const at = toHomePath(base.folder, path);
  if (known?.home !== undefined && isStill(known.home, lookAt(home.root, at))) return known.state;
  return lookNow(home, at);
}

/** Folders that both made are one folder. */
function isDone({ before, after }: WorkspaceChange, current: PathState | undefined): boolean {
  if (isSameState(after, current)) return true;
  return before === undefined && after?.type === "folder" && current?.type === "folder";
}

interface Surroundings {
  readonly root: Folder;
  /** Paths that go. */
  readonly gone: ReadonlySet<string>;
  /** Files that become folders. */
  readonly replaced: ReadonlySet<string>;
  /** Whether what stands there keeps everything below it out, as far as it was looked at. */
  readonly blockers: Map<string, boolean>;
}

function toSurroundings(root: Folder, base: BaseManifest, changes: readonly WorkspaceChange[]): Surroundings {
  const pathsOf = (fits: (change: WorkspaceChange) => boolean) =>
    new Set(changes.filter(fits).map(({ path }) => toHomePath(base.folder, path)));
  return {
    root,
    gone: pathsOf(({ after }) => after === undefined),
    replaced: pathsOf(({ before, after }) => before !== undefined && after?.type === "folder"),
    blockers: new Map(),
  };
}

/** Whether something that is no folder stands above the path, or a folder that holds more than went out is to become a file. */
function isBlocked({ path, before, after }: WorkspaceChange, around: Surroundings): boolean {
  if (after === undefined) return false;
  if (foldersAbove(path).some((folder) => isBlocker(folder, around))) return true;
  return before?.type === "folder" && after.type !== "folder" && holdsMore(path, around);
}

function isBlocker(folder: string, { root, replaced, blockers }: Surroundings): boolean {
  const known = blockers.get(folder);
  if (known !== undefined) return known;
  const stats = lookAt(root, folder);
  const found = stats !== undefined && !stats.isDirectory() && !replaced.has(folder);
  blockers.set(folder, found);
  return found;
}

function holdsMore(path: string, { root, gone }: Surroundings): boolean {
  try {
    using folder = openFolder(root, path);
    return fs.readdirSync(folder.at(".")).some((name) => !gone.has(joinPath(path, name)));
  } catch (thrown) {
    if (thrown instanceof OsError) return true;
    throw thrown;
  }
}

/** Folders above the checked-out one that the change will make. */
export function findMissingAbove(root: Folder, folder: string): WorkspaceChange[] {
  return foldersAbove(folder)
    .filter((path) => lookAt(root, path) === undefined)
    .map((path) => ({ path, before: undefined, after: { type: "folder", mode: 0o755 } }));
}
