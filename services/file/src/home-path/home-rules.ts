/** The service's own folder: history, change log, temporary files, lock. Invisible to every request. */
export const OWN_FOLDER = ".matrix";

/** The name under which the history keeps what a git tree can't: modes and empty folders. Never a real file. */
export const MANIFEST_NAME = ".matrix-manifest";

/** Kept by the service's own requests; file requests may read but not change them. */
const KEPT_FOLDERS = [
  "system/inbox",
  "system/open",
  "system/outbox",
  "system/sessions",
  "system/activity",
  "system/usage",
];
const RESERVED = [OWN_FOLDER, ...KEPT_FOLDERS, "system/policy"];
const UNSNAPSHOTTED = [OWN_FOLDER, "system/inbox", "system/open", "system/outbox", "system/activity", "system/usage"];
const UNSNAPSHOTTED_NAMES = new Set([".git", "node_modules", MANIFEST_NAME]);
/** An app's own database; it and its helper files change under statements, not under file requests. */
export const DATABASE_NAME = "app.sqlite";
const DATABASES = /^data\/[^/]+\/app\.sqlite(?:-wal|-shm|-journal)?$/;
const JOURNALS = /^system\/sessions\/[^/]+\/turns(?:\/|$)/;

/** What the watcher need not look at: a subset of what the history leaves out, plus folders that only this service writes. */
export const UNWATCHED = [OWN_FOLDER, ...KEPT_FOLDERS];

/** Equal for names that some disks can't keep apart: a look-alike must not get through. */
export function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Whether nobody may read this path through a request. */
export function isOwn(path: string): boolean {
  return isWithin(fold(path), OWN_FOLDER);
}

/** Whether file requests may not change this path: others own it, it holds what others own, or no history would keep it. */
export function isReserved(path: string): boolean {
  const folded = fold(path);
  if (RESERVED.some((folder) => isWithin(folded, folder) || isWithin(folder, folded))) return true;
  return DATABASES.test(folded) || folded.split("/").some((name) => UNSNAPSHOTTED_NAMES.has(name));
}

/** Whether this is an app's database or one of its helper files. */
export function isDatabase(path: string): boolean {
  return DATABASES.test(fold(path));
}

/** Whether snapshots hold this path. Version control of others, dependencies and turn logs stay outside. */
export function isSnapshotted(path: string): boolean {
  const folded = fold(path);
  if (UNSNAPSHOTTED.some((folder) => isWithin(folded, folder)) || JOURNALS.test(folded) || DATABASES.test(folded))
    return false;
  return !folded.split("/").some((name) => UNSNAPSHOTTED_NAMES.has(name));
}

/** Whether an outside edit of this path is a change of the home (transcripts enter the history silently). */
export function isWatched(path: string): boolean {
  return isSnapshotted(path) && !isWithin(fold(path), "system/sessions");
}

/** Bookkeeping that lists and searches leave out unless the folder itself is named. */
export function isBookkeeping(path: string): boolean {
  const folded = fold(path);
  return [OWN_FOLDER, ...KEPT_FOLDERS].some((folder) => isWithin(folded, folder));
}

/** The folder that holds a path (the empty string is the home) and the name in it. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf("/");
  return at < 0 ? { folder: "", name: path } : { folder: path.slice(0, at), name: path.slice(at + 1) };
}

/** A path below a folder; the empty folder is the home. */
export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** All folders above a path, the nearest first, the home left out. */
export function foldersAbove(path: string): string[] {
  const found: string[] = [];
  for (let { folder } = splitPath(path); folder !== ""; folder = splitPath(folder).folder) found.push(folder);
  return found;
}
