import fs from "node:fs";
import {
  MAX_WORKSPACE_BYTES,
  MAX_WORKSPACE_DEPTH,
  MAX_WORKSPACE_ENTRIES,
} from "@matrix-os/contracts/file/check-out.request";
import { OsError, rejected } from "@matrix-os/contracts/errors";
import { joinPath, splitPath } from "../../home-path/home-rules.ts";
import { isCarried, isOwnOfWorkspace, toHomePath } from "../../workspace/workspace-rules.ts";
import { type OpenFile, openAt, readContentIds, toBlobId, toStamp } from "../content.ts";
import { toErrno } from "../disk-error.ts";
import { type Folder, openFolder } from "../folder.ts";
import { type Found, toType, walk } from "../walk.ts";
import type { BaseEntry, BaseManifest, Stamp } from "./base-manifest.ts";
import { copyContent } from "./copy-content.ts";
import { type Pace, createPace } from "./pace.ts";
import type { VaultScan } from "../../withheld/vault-scan.ts";
import { removeTree } from "./remove-tree.ts";

/** What a mirror holds now. */
export interface Mirrored {
  readonly entries: Map<string, BaseEntry>;
  readonly files: number;
  readonly bytes: number;
}

interface Mirror {
  readonly home: Folder;
  readonly scan: VaultScan;
  readonly work: Folder;
  readonly folder: string;
  readonly before: BaseManifest["entries"];
  readonly entries: Map<string, BaseEntry>;
  readonly pace: Pace;
}

/**
 * Makes `work` hold what the folder of the home holds, copying only what differs. What the home would not carry stays as it is.
 * Errors: `too-large`, `not-a-folder`, `denied` for links.
 */
export async function mirrorFolder(
  { root: home, scan }: { readonly root: Folder; readonly scan: VaultScan },
  work: Folder,
  base: BaseManifest,
): Promise<Mirrored> {
  const { folder } = base;
  const mirror: Mirror = { home, scan, work, folder, before: base.entries, entries: new Map(), pace: createPace() };
  const found = await findFolder(home, folder);
  const wanted = groupByFolder(found, folder);
  for (const [at, items] of wanted) await fillFolder(mirror, at, items);
  for (const at of [...wanted.keys()].toReversed()) setFolderMode(mirror, at);
  const files = found.filter(({ type }) => type === "file");
  return {
    entries: mirror.entries,
    files: files.length,
    bytes: files.reduce((sum, { stats }) => sum + stats.size, 0),
  };
}

/** What the home holds there; nothing when the folder does not exist yet. */
async function findFolder(home: Folder, folder: string): Promise<Found[]> {
  if (!isThere(home, folder)) return [];
  const found: Found[] = [];
  let bytes = 0;
  for await (const item of walk(home, folder, { keep: isCarried })) {
    if (item.type === "other") continue;
    found.push(item);
    if (item.type === "file") bytes += item.stats.size;
    const depth = item.path.slice(folder.length).split("/").length - 1;
    if (found.length > MAX_WORKSPACE_ENTRIES)
      throw tooLarge(`${folder} holds more than ${MAX_WORKSPACE_ENTRIES} files`);
    if (bytes > MAX_WORKSPACE_BYTES) throw tooLarge(`${folder} holds more than ${MAX_WORKSPACE_BYTES} bytes`);
    if (depth > MAX_WORKSPACE_DEPTH) throw tooLarge(`${folder} is deeper than ${MAX_WORKSPACE_DEPTH} folders`);
  }
  return found;
}

function isThere(home: Folder, folder: string): boolean {
  try {
    openFolder(home, folder)[Symbol.dispose]();
    return true;
  } catch (thrown) {
    if (thrown instanceof OsError && thrown.code === "not-found") return false;
    throw thrown;
  }
}

function tooLarge(message: string): OsError {
  return rejected("too-large", message, { field: "folder" });
}

/** The items of each folder, by its path below the checked-out one; parents come before children. */
function groupByFolder(found: readonly Found[], folder: string): Map<string, Found[]> {
  const below = (path: string) => path.slice(folder.length + 1);
  const grouped = new Map<string, Found[]>([["", []]]);
  for (const item of found) {
    if (item.type === "folder") grouped.set(below(item.path), []);
    grouped.get(splitPath(below(item.path)).folder)?.push(item);
  }
  return grouped;
}

/** Makes one folder of the mirror hold exactly these items, its subfolders still as they were. */
async function fillFolder(mirror: Mirror, at: string, items: readonly Found[]): Promise<void> {
  using work = openFolder(mirror.work, at);
  await clearFolder(mirror, work, { at, items });
  const opened = items.length === 0 ? undefined : openIfThere(mirror.home, toHomePath(mirror.folder, at));
  if (opened === undefined) return;
  using home = opened;
  for (const item of items) {
    await mirror.pace();
    const { name } = splitPath(item.path);
    const to = { home, work, name, path: item.path.slice(mirror.folder.length + 1) };
    if (item.type === "folder") makeFolder(to);
    else if (item.type === "link") makeLink(mirror, to);
    else await makeFile(mirror, to);
  }
}

function openIfThere(root: Folder, path: string): Folder | undefined {
  try {
    return openFolder(root, path);
  } catch (thrown) {
    if (thrown instanceof OsError || toErrno(thrown) === "EACCES") return undefined;
    throw thrown;
  }
}

/** Removes what should not be there, or should be of another kind. */
async function clearFolder(
  mirror: Mirror,
  work: Folder,
  { at, items }: { readonly at: string; readonly items: readonly Found[] },
): Promise<void> {
  const kinds = new Map(items.map(({ path, type }) => [splitPath(path).name, type]));
  for (const name of fs.readdirSync(work.at("."), { encoding: "buffer" })) {
    const text = name.toString();
    const isText = Buffer.from(text).equals(name);
    if (isText && isOwnOfWorkspace(toHomePath(mirror.folder, joinPath(at, text)))) continue;
    const stats = isText && kinds.has(text) ? work.look(text) : undefined;
    if (stats === undefined || toType(stats) !== kinds.get(text)) await removeTree(work, name, mirror.pace);
  }
}

interface Place {
  readonly home: Folder;
  readonly work: Folder;
  readonly name: string;
  /** Below the checked-out folder. */
  readonly path: string;
}

function makeFolder({ work, name }: Place): void {
  if (work.look(name) === undefined) fs.mkdirSync(work.at(name), 0o700);
}

function makeLink(mirror: Mirror, { home, work, name, path }: Place): void {
  const target = readLink(home, name);
  if (target === undefined) return;
  if (!readLink(work, name)?.equals(target)) {
    fs.rmSync(work.at(name), { force: true });
    fs.symlinkSync(target, work.at(name));
  }
  mirror.entries.set(path, { state: { type: "link", blob: toBlobId(target) } });
}

function readLink(folder: Folder, name: string): Buffer | undefined {
  try {
    return fs.readlinkSync(folder.at(name), { encoding: "buffer" });
  } catch {
    return undefined;
  }
}

async function makeFile(mirror: Mirror, place: Place): Promise<void> {
  const { home, work, name, path } = place;
  const known = mirror.before.get(path);
  const isSame = known !== undefined && isStill(known.home, home.look(name)) && isStill(known.work, work.look(name));
  if (isSame) return void mirror.entries.set(path, known);
  const opened = openFileIfThere(home, name);
  if (opened === undefined) return;
  using file = opened;
  const kept = await readEqualCopy(mirror, place, file);
  if (kept !== undefined) return void mirror.entries.set(path, kept);
  fs.rmSync(work.at(name), { force: true });
  const copy = await copyContent(file, work.at(name), mirror.scan);
  try {
    fs.fchmodSync(copy.fd, file.stats.mode & 0o777);
    mirror.entries.set(path, toEntry(file, copy.ids.blob, fs.fstatSync(copy.fd)));
  } finally {
    fs.closeSync(copy.fd);
  }
}

/** A copy whose stamp does not tell is read: with the same bytes and permissions it stays, as a file of its own. */
async function readEqualCopy({ scan }: Mirror, { work, name }: Place, file: OpenFile): Promise<BaseEntry | undefined> {
  const opened = openFileIfThere(work, name);
  if (opened === undefined) return undefined;
  using copy = opened;
  const { size, mode, nlink } = copy.stats;
  if (size !== file.stats.size || (mode & 0o7777) !== (file.stats.mode & 0o777) || nlink !== 1) return undefined;
  const { blob } = await readContentIds(copy, scan);
  return (await readContentIds(file, scan)).blob === blob ? toEntry(file, blob, copy.stats) : undefined;
}

function toEntry(file: OpenFile, blob: string, copy: fs.Stats): BaseEntry {
  return {
    state: { type: "file", mode: file.stats.mode & 0o7777, blob },
    home: isStill(toStampOf(file.stats), fs.fstatSync(file.fd)) ? toStampOf(file.stats) : undefined,
    work: toStampOf(copy),
  };
}

/** A file that went, became something else or can't be read is left out. */
function openFileIfThere(home: Folder, name: string): OpenFile | undefined {
  try {
    return openAt(home, name);
  } catch (thrown) {
    if (thrown instanceof OsError || toErrno(thrown) === "EACCES") return undefined;
    throw thrown;
  }
}

/** Whether a file is as it was when it was stamped. */
export function isStill(stamp: Stamp | undefined, stats: fs.Stats | undefined): boolean {
  return stamp !== undefined && stats !== undefined && stamp.mark === toStamp(stats);
}

/** The stamp of a file as it is now. */
export function toStampOf(stats: fs.Stats): Stamp {
  return { mark: toStamp(stats), changedAtMs: stats.ctimeMs };
}

/** Last, so that a folder that may not be written could be filled. */
function setFolderMode(mirror: Mirror, at: string): void {
  const opened = openIfThere(mirror.home, toHomePath(mirror.folder, at));
  if (opened === undefined) return;
  using home = opened;
  using work = openFolder(mirror.work, at);
  const mode = fs.fstatSync(home.fd).mode & 0o7777;
  fs.fchmodSync(work.fd, mode & 0o777);
  mirror.entries.set(at, { state: { type: "folder", mode } });
}
