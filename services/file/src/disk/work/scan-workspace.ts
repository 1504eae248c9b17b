import fs from "node:fs";
import {
  MAX_WORKSPACE_BYTES,
  MAX_WORKSPACE_DEPTH,
  MAX_WORKSPACE_ENTRIES,
} from "@matrix-os/contracts/file/check-out.request";
import { OsError } from "@matrix-os/contracts/errors";
import { joinPath } from "../../home-path/home-rules.ts";
import { isCarried, isInsideLink, toHomePath, whyNoHomePath } from "../../workspace/workspace-rules.ts";
import { toErrno } from "../disk-error.ts";
import { type Folder, openFolder } from "../folder.ts";
import { type Found, toType } from "../walk.ts";
import { createPace } from "./pace.ts";

/** A thing that may not come back, by its path below the checked-out folder. */
export interface Refusal {
  readonly path: string;
  readonly why: string;
}

/** What a command left. Reading it changes nothing; whoever runs in there may still be at work. */
export interface WorkspaceScan {
  readonly found: Found[];
  /** Links with where they lead. */
  readonly links: Map<string, Buffer>;
  /** What keeps the whole change out. */
  readonly dangers: Refusal[];
  /** What is left out with all that is below it. */
  readonly skipped: Refusal[];
}

interface Walking {
  readonly work: Folder;
  readonly folder: string;
  readonly scan: WorkspaceScan;
  /** Links whose target the home has had itself. */
  readonly isKnownLink: (path: string, target: Buffer) => boolean;
  readonly device: number;
  /** Names of each file that has more than one, in here. */
  readonly shared: Map<number, string[]>;
  bytes: number;
}

/** Reads the names, kinds and sizes of all that a command left, links not followed; stops early when it is too much. */
export async function scanWorkspace(
  work: Folder,
  folder: string,
  isKnownLink: Walking["isKnownLink"],
): Promise<WorkspaceScan> {
  const scan: WorkspaceScan = { found: [], links: new Map(), dangers: [], skipped: [] };
  const device = fs.fstatSync(work.fd).dev;
  const walking: Walking = { work, folder, scan, isKnownLink, device, shared: new Map(), bytes: 0 };
  const pace = createPace();
  const waiting: { path: string; depth: number }[] = [{ path: "", depth: 1 }];
  for (let next = waiting.pop(); next !== undefined && !isTooMuch(walking, next.depth); next = waiting.pop()) {
    const { depth } = next;
    for (const path of listFolder(walking, next.path)) waiting.push({ path, depth: depth + 1 });
    await pace();
  }
  if (scan.dangers.length === 0) isTooMuch(walking, 0);
  findShared(walking);
  return scan;
}

function isTooMuch({ scan, bytes }: Walking, depth: number): boolean {
  const why =
    (scan.found.length > MAX_WORKSPACE_ENTRIES && `more than ${MAX_WORKSPACE_ENTRIES} files`) ||
    (bytes > MAX_WORKSPACE_BYTES && `more than ${MAX_WORKSPACE_BYTES} bytes`) ||
    (depth > MAX_WORKSPACE_DEPTH + 1 && `deeper than ${MAX_WORKSPACE_DEPTH} folders`);
  if (why !== false) scan.dangers.push({ path: "", why });
  return why !== false;
}

/** Looks at each name of one folder; answers the folders among them. */
function listFolder(walking: Walking, at: string): string[] {
  const opened = openForScan(walking, at);
  if (opened === undefined) return [];
  using folder = opened;
  const folders: string[] = [];
  const names = fs.opendirSync(folder.at("."), { encoding: "buffer" as BufferEncoding });
  try {
    for (let entry = names.readSync(); entry !== null; entry = names.readSync()) {
      const path = lookAtName(walking, { folder, at, name: entry.name as unknown as Buffer });
      if (path !== undefined) folders.push(path);
      if (walking.scan.found.length > MAX_WORKSPACE_ENTRIES) return [];
    }
  } finally {
    names.closeSync();
  }
  return folders;
}

function openForScan({ work, scan, device }: Walking, at: string): Folder | undefined {
  try {
    const folder = openFolder(work, at);
    if (fs.fstatSync(folder.fd).dev === device) return folder;
    folder[Symbol.dispose]();
    scan.dangers.push({ path: at, why: "another disk is mounted here" });
  } catch (thrown) {
    if (toErrno(thrown) === "EACCES") scan.skipped.push({ path: at, why: "this folder can't be read" });
    else if (thrown instanceof OsError) scan.dangers.push({ path: at, why: "it was replaced while it was read" });
    else throw thrown;
  }
  return undefined;
}

/** Takes one name in, unless it is refused; answers its path when it is a folder to enter. */
function lookAtName(
  walking: Walking,
  { folder, at, name }: { readonly folder: Folder; readonly at: string; readonly name: Buffer },
): string | undefined {
  const { scan } = walking;
  const text = name.toString();
  const path = joinPath(at, text);
  if (!Buffer.from(text).equals(name)) return void scan.dangers.push({ path, why: "the name is not UTF-8" });
  const inHome = toHomePath(walking.folder, path);
  const why = whyNoHomePath(inHome);
  if (why !== undefined) return void scan.dangers.push({ path, why });
  if (!isCarried(inHome)) return undefined;
  const stats = folder.look(text);
  if (stats === undefined) return undefined;
  const item: Found = { path, type: toType(stats), stats };
  return takeIn(walking, item, folder.at(text)) && item.type === "folder" ? path : undefined;
}

/** Whether the thing may come back, as far as a look at it tells. */
function takeIn(walking: Walking, item: Found, place: string): boolean {
  const { scan } = walking;
  const { path, type, stats } = item;
  if (type === "other") return leaveOut(scan, item);
  if (type === "file" && (stats.mode & 0o6000) !== 0)
    return endanger(scan, path, "it would run as somebody else (setuid)");
  if (type === "link" && !takeLink(walking, path, place)) return false;
  if (type === "file") {
    walking.bytes += stats.size;
    if (stats.nlink > 1) walking.shared.set(stats.ino, [...(walking.shared.get(stats.ino) ?? []), path]);
  }
  scan.found.push(item);
  return true;
}

function leaveOut(scan: WorkspaceScan, { path, stats }: Found): false {
  if (stats.isSocket() || stats.isFIFO()) scan.skipped.push({ path, why: "a socket or pipe is no file" });
  else scan.dangers.push({ path, why: "it is a device" });
  return false;
}

function endanger(scan: WorkspaceScan, path: string, why: string): false {
  scan.dangers.push({ path, why });
  return false;
}

function takeLink({ scan, isKnownLink }: Walking, path: string, place: string): boolean {
  let target: Buffer;
  try {
    target = fs.readlinkSync(place, { encoding: "buffer" });
  } catch {
    return endanger(scan, path, "it was replaced while it was read");
  }
  const text = target.toString();
  const isFine = isKnownLink(path, target) || (Buffer.from(text).equals(target) && isInsideLink(path, text));
  if (!isFine) return endanger(scan, path, "the link leads out of the folder");
  scan.links.set(path, target);
  return true;
}

/** A file with more names than were seen here has one outside: reading it would read something that is not the command's. */
function findShared({ scan, shared }: Walking): void {
  const links = new Map(scan.found.map(({ path, stats }) => [path, stats.nlink]));
  for (const paths of shared.values()) {
    if (paths.every((path) => (links.get(path) ?? 0) <= paths.length)) continue;
    for (const path of paths) scan.dangers.push({ path, why: "the file is shared with something outside (hard link)" });
  }
}
