import type { PathState } from "../../change/path-state.ts";
import { PLAIN_FOLDER_MODE } from "../../change/folder-manifest.ts";
import { splitPath } from "../../home-path/home-rules.ts";
import type { WorkspaceChange } from "../../workspace/workspace-changes.ts";
import type { ChangeSet, StagedFile } from "../home/change-set.ts";
import { createPace } from "./pace.ts";

/** Where the bytes of a path of the home come from. */
export interface CheckInContent {
  readonly file: (path: string) => StagedFile | undefined;
  readonly link: (path: string) => Buffer | undefined;
}

/** Brings planned changes into the home: first what goes, then what comes, folders' permissions last and deepest first. */
export async function applyCheckIn(
  set: ChangeSet,
  changes: readonly WorkspaceChange[],
  content: CheckInContent,
): Promise<void> {
  const deepestFirst = changes.toSorted((a, b) => b.path.length - a.path.length);
  const pace = createPace();
  for (const { path, before, after } of changes) {
    if (hasBytes(before) && !hasBytes(after)) set.remove(path);
    await pace();
  }
  removeFolders(set, deepestFirst);
  for (const change of changes) {
    putInPlace(set, change, content);
    await pace();
  }
  setFolders(set, deepestFirst);
}

/** A folder that holds something by now which the command did not know stays. */
function removeFolders(set: ChangeSet, deepestFirst: readonly WorkspaceChange[]): void {
  const held = toParents(deepestFirst.filter(({ before }) => before !== undefined));
  for (const { path, before, after } of deepestFirst) {
    if (before?.type !== "folder" || after?.type === "folder" || !set.removeIfEmpty(path)) continue;
    if (after === undefined && !held.has(path)) set.paths.push({ path, kind: "deleted" });
  }
}

/** Folders that come to be with the files in them need no step of their own. */
function setFolders(set: ChangeSet, deepestFirst: readonly WorkspaceChange[]): void {
  const filled = toParents(deepestFirst.filter(({ after }) => after !== undefined));
  for (const { path, before, after } of deepestFirst) {
    if (after?.type !== "folder") continue;
    if (before?.type !== "folder" && after.mode === PLAIN_FOLDER_MODE && filled.has(path)) continue;
    set.folder(path, after.mode, before === undefined ? "created" : "updated");
  }
}

function toParents(changes: readonly WorkspaceChange[]): Set<string> {
  return new Set(changes.map(({ path }) => splitPath(path).folder));
}

function hasBytes(state: PathState | undefined): boolean {
  return state !== undefined && state.type !== "folder";
}

function putInPlace(set: ChangeSet, { path, before, after }: WorkspaceChange, content: CheckInContent): void {
  const kind = before === undefined ? "created" : "updated";
  const link = after?.type === "link" ? content.link(path) : undefined;
  if (link !== undefined) set.link(path, link, kind);
  const file = after?.type === "file" ? content.file(path) : undefined;
  if (file !== undefined) set.put(path, file, kind);
}
