import type { Origin } from "@matrix-os/contracts/define";
import { type HistoryEntry, toSummary } from "../../change/history-entries.ts";
import type { PathState } from "../../change/path-state.ts";
import { toContentIds } from "../content.ts";
import { type Folder, lookAt } from "../folder.ts";
import { foldersAbove } from "../../home-path/home-rules.ts";
import { type ReversePatch, planReversePatch } from "../../undo/reverse-patch.ts";
import { isPlaceholder } from "../../withheld/vault-scan.ts";
import type { ChangeSet } from "./change-set.ts";
import { lookNow } from "./look-now.ts";
import { type Home, toPlace } from "./replace-file.ts";
import { readTouches } from "./touched-paths.ts";

type Kind = "created" | "updated" | "deleted";

/** What taking an entry back did. */
export interface Reversal {
  readonly entry: string;
  readonly summary: string;
  readonly paths: { path: string; kind: Kind }[];
  readonly conflicts: string[];
  /** Paths whose content the history never held, for it holds a secret. */
  readonly withheld: string[];
  readonly seq: number;
}

/** Takes one entry back, path by path, as a change of its own. Only inside work that the queue runs. */
export async function reverseEntry(home: Home, entry: HistoryEntry, origin: Origin): Promise<Reversal> {
  const commits = entry.commits.filter((commit) => commit !== undefined);
  const touches = await readTouches(home.repository, commits);
  const intent = { origin, paths: [...touches.keys()] };
  await home.writer.changeNow(intent, () => Promise.resolve());
  const plan = planReversePatch(
    await Promise.all(
      [...touches].map(async ([path, of]) => ({ path, touches: of, current: await lookNow(home, path) })),
    ),
  );
  const patch = setBlockedAside(home.root, plan);
  const summary = toSummary([...entry.paths.keys()], entry.pathCount);
  if (patch.restore.length === 0 && patch.conflicts.length > 0) {
    return {
      entry: entry.id,
      summary,
      paths: [],
      conflicts: [...patch.conflicts],
      withheld: [],
      seq: toPlace(home.recorder, undefined).seq,
    };
  }
  const parent = commits[0] === undefined ? undefined : (await home.repository.readCommit(commits[0]))?.parent;
  const { line, result: left } = await home.writer.changeNow({ ...intent, reverses: entry.id }, (set) =>
    apply(home, set, { patch, parent }),
  );
  const paths = patch.restore
    .filter(({ path }) => !left.blocked.includes(path) && !left.withheld.includes(path))
    .slice(0, 100)
    .map(({ path, from, to }) => ({ path, kind: toKind(from, to) }));
  return {
    entry: entry.id,
    summary,
    paths,
    conflicts: [...patch.conflicts, ...left.blocked].toSorted(),
    withheld: left.withheld.toSorted(),
    seq: toPlace(home.recorder, line).seq,
  };
}

/** Paths that an undo could not put back. */
interface LeftAlone {
  /** A folder with others' files is in the way. */
  readonly blocked: string[];
  readonly withheld: string[];
}

/** Applies the patch; answers what it had to leave alone. */
async function apply(
  home: Home,
  set: ChangeSet,
  how: { patch: ReversePatch; parent: string | undefined },
): Promise<LeftAlone> {
  const { restore } = how.patch;
  for (const { path, from, to } of restore) if (hasBytes(from) && !hasBytes(to)) set.remove(path);
  const foldersInTheWay = restore.toReversed().filter(({ from, to }) => from?.type === "folder" && hasBytes(to));
  const blocked = foldersInTheWay.map(({ path }) => path).filter((path) => !removeEmptyTree(set, path, restore));
  const withheld = await restoreContents(
    home,
    set,
    restore.filter(({ path }) => !blocked.includes(path)),
  );
  for (const { path, from, to } of restore.toReversed()) {
    if (to?.type === "folder") set.folder(path, to.mode, from === undefined ? "created" : "updated");
  }
  await removeEmptied(home, set, how);
  return { blocked, withheld };
}

/** Removes a folder whose files just went, with the folders that are left empty below it. */
function removeEmptyTree(set: ChangeSet, path: string, restore: ReversePatch["restore"]): boolean {
  const above = restore.filter(({ from }) => hasBytes(from)).flatMap((item) => foldersAbove(item.path));
  const below = [...new Set(above)].filter((folder) => folder.startsWith(`${path}/`));
  for (const folder of below.toSorted((a, b) => b.length - a.length)) set.removeIfEmpty(folder);
  return set.removeIfEmpty(path);
}

function hasBytes(state: PathState | undefined): boolean {
  return state !== undefined && state.type !== "folder";
}

/** Answers the paths whose content the history never held. */
async function restoreContents(home: Home, set: ChangeSet, items: ReversePatch["restore"]): Promise<string[]> {
  const withheld: string[] = [];
  for (const item of items) if (!(await restoreContent(home, set, item))) withheld.push(item.path);
  return withheld;
}

/** Puts the earlier bytes back; false when the history never held them. */
async function restoreContent(home: Home, set: ChangeSet, item: ReversePatch["restore"][number]): Promise<boolean> {
  const { path, from, to } = item;
  if (to === undefined || to.type === "folder") return true;
  const kind = from === undefined ? "created" : "updated";
  const bytes = await home.repository.blob(to.blob);
  if (to.type === "file" && isPlaceholder(bytes)) return false;
  if (to.type === "link") set.link(path, bytes, kind);
  else set.put(path, await set.stage(bytes, { mode: to.mode, ids: toContentIds(bytes, home.scan) }), kind);
  return true;
}

/** Folders that the entry made go too, if nothing else is in them; the deepest first. */
async function removeEmptied(
  home: Home,
  set: ChangeSet,
  how: { patch: ReversePatch; parent: string | undefined },
): Promise<void> {
  const gone = how.patch.restore.filter(({ to }) => to === undefined);
  const candidates = new Set(
    gone.flatMap(({ path, from }) => [...(from?.type === "folder" ? [path] : []), ...foldersAbove(path)]),
  );
  for (const folder of [...candidates].toSorted((a, b) => b.length - a.length)) {
    if ((await home.repository.state(how.parent, folder)) === undefined && set.removeIfEmpty(folder))
      noteGone(set, folder, gone);
  }
}

function noteGone(set: ChangeSet, folder: string, gone: readonly { readonly path: string }[]): void {
  if (gone.some(({ path }) => path === folder)) set.paths.push({ path: folder, kind: "deleted" });
}

/** A path whose folder has become something else can't be put back; that is for the owner to decide. */
function setBlockedAside(root: Folder, patch: ReversePatch): ReversePatch {
  const removed = new Set(
    patch.restore.filter(({ to }) => to === undefined || to.type === "folder").map(({ path }) => path),
  );
  const isBlocked = (path: string) =>
    foldersAbove(path).some((folder) => !removed.has(folder) && isNoFolder(root, folder));
  const blocked = patch.restore.filter(({ path, to }) => to !== undefined && isBlocked(path)).map(({ path }) => path);
  if (blocked.length === 0) return patch;
  return {
    restore: patch.restore.filter(({ path }) => !blocked.includes(path)),
    conflicts: [...patch.conflicts, ...blocked].toSorted(),
  };
}

function isNoFolder(root: Folder, path: string): boolean {
  const stats = lookAt(root, path);
  return stats !== undefined && !stats.isDirectory();
}

function toKind(from: PathState | undefined, to: PathState | undefined): Kind {
  if (to === undefined) return "deleted";
  return from === undefined ? "created" : "updated";
}
