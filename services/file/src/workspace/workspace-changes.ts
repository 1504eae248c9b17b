import { type PathState, isSameState } from "../change/path-state.ts";
import { fold, foldersAbove } from "../home-path/home-rules.ts";

/** What a command did to one path. */
export interface WorkspaceChange {
  readonly path: string;
  readonly before: PathState | undefined;
  readonly after: PathState | undefined;
}

type States = ReadonlyMap<string, PathState>;

/** What differs between the folder as it went out and as it is now; paths under `skipped` are left alone. */
export function compareWorkspace(before: States, after: States, skipped: ReadonlySet<string>): WorkspaceChange[] {
  const isSkipped = (path: string) =>
    skipped.has("") || skipped.has(path) || foldersAbove(path).some((folder) => skipped.has(folder));
  const changes: WorkspaceChange[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const change = { path, before: before.get(path), after: after.get(path) };
    if (!isSameState(change.before, change.after) && !isSkipped(path)) changes.push(change);
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** New paths that some disks can't keep apart from another one. */
export function findCollisions(before: States, after: States): string[] {
  const seen = new Map<string, string>();
  const colliding = new Set<string>();
  for (const path of after.keys()) {
    const twin = seen.get(fold(path));
    seen.set(fold(path), path);
    if (twin === undefined) continue;
    for (const one of [path, twin]) if (!before.has(one)) colliding.add(one);
  }
  return [...colliding];
}
