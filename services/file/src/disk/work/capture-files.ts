import fs from "node:fs";
import { OsError } from "@matrix-os/contracts/errors";
import type { PathState } from "../../change/path-state.ts";
import { splitPath } from "../../home-path/home-rules.ts";
import { type OpenFile, openAt, readContentIds, toBlobId, toContentIds } from "../content.ts";
import { toErrno } from "../disk-error.ts";
import { type Folder, openFolder } from "../folder.ts";
import type { StagedFile } from "../home/change-set.ts";
import type { Staging } from "../staging.ts";
import type { Found } from "../walk.ts";
import type { BaseEntry, BaseManifest, Stamp } from "./base-manifest.ts";
import { copyContent } from "./copy-content.ts";
import { isStill, toStampOf } from "./mirror-folder.ts";
import { createPace } from "./pace.ts";
import type { WorkspaceScan } from "./scan-workspace.ts";
import type { VaultScan } from "../../withheld/vault-scan.ts";

/** What a command left, with copies of the files that it changed: from here on it does not matter what still goes on in there. */
export interface Captured {
  readonly states: Map<string, PathState>;
  readonly staged: Map<string, StagedFile>;
  readonly stamps: Map<string, Stamp>;
}

interface Capturing extends Captured {
  readonly work: Folder;
  readonly staging: Staging;
  readonly base: BaseManifest;
  readonly scan: WorkspaceScan;
  readonly vault: VaultScan;
  keptBytes: number;
}

/** Files whose bytes are kept for the snapshot, and how many bytes in all; others are read again from where they were put. */
const SMALL_BYTES = 131_072;
const MAX_KEPT_BYTES = 33_554_432;
/** Files that are flushed at once. */
const SYNCED_AT_ONCE = 32;

/** Copies what a command changed; what can't be captured joins the scan's dangers or what it skips. Throws errnos. */
export async function captureFiles(
  work: Folder,
  staging: Staging,
  what: { readonly base: BaseManifest; readonly scan: WorkspaceScan; readonly vault: VaultScan },
): Promise<Captured> {
  const capturing: Capturing = {
    work,
    staging,
    ...what,
    states: new Map([
      ["", { type: "folder", mode: keepSpecialBits(what.base.entries.get(""), fs.fstatSync(work.fd)) }],
    ]),
    staged: new Map(),
    stamps: new Map(),
    keptBytes: 0,
  };
  try {
    const pace = createPace();
    for (const item of what.scan.found) {
      await captureOne(capturing, item);
      await pace();
    }
    await syncStaged(staging, [...capturing.staged.values()]);
    return capturing;
  } catch (thrown) {
    dropCaptured(staging, capturing);
    throw thrown;
  }
}

/** Removes the copies that were not put in place. */
export function dropCaptured(staging: Staging, { staged }: Captured): void {
  for (const { name } of staged.values()) staging.drop(name);
}

async function captureOne(capturing: Capturing, item: Found): Promise<void> {
  const { states, base, scan } = capturing;
  const { path, stats } = item;
  const known = base.entries.get(path);
  if (item.type === "folder") states.set(path, { type: "folder", mode: keepSpecialBits(known, stats) });
  else if (item.type === "link")
    states.set(path, { type: "link", blob: toBlobId(scan.links.get(path) ?? Buffer.of()) });
  else if (known?.state.type === "file" && isStill(known.work, stats)) {
    states.set(path, known.state);
    capturing.stamps.set(path, toStampOf(stats));
  } else await captureFile(capturing, item, known);
}

/** The permissions as the home would have them: what the copy could not show stays as it was. */
function keepSpecialBits(known: BaseEntry | undefined, stats: fs.Stats): number {
  const mode = stats.mode & 0o777;
  if (known === undefined || known.state.type === "link" || (known.state.type === "folder") !== stats.isDirectory())
    return mode;
  return (known.state.mode & 0o777) === mode ? known.state.mode : mode;
}

async function captureFile(capturing: Capturing, item: Found, known: BaseEntry | undefined): Promise<void> {
  const { path } = item;
  const opened = openFound(capturing, item);
  if (opened === undefined) return;
  using file = opened;
  const mode = keepSpecialBits(known, file.stats);
  const bytes = file.stats.size <= SMALL_BYTES ? file.read(0, file.stats.size) : undefined;
  const ids = bytes === undefined ? await readContentIds(file, capturing.vault) : toContentIds(bytes, capturing.vault);
  capturing.stamps.set(path, toStampOf(file.stats));
  if (known?.state.type === "file" && known.state.blob === ids.blob && known.state.mode === mode) {
    capturing.states.set(path, known.state);
    return;
  }
  const staged =
    bytes === undefined ? await stageLarge(capturing, file, mode) : stageSmall(capturing, { bytes, ids, mode });
  capturing.staged.set(path, staged);
  capturing.states.set(path, { type: "file", mode, blob: staged.ids.blob });
}

/** Opens what the scan saw; something else in its place by now is never read. */
function openFound({ work, scan }: Capturing, { path, stats }: Found): OpenFile | undefined {
  const { folder, name } = splitPath(path);
  try {
    using parent = openFolder(work, folder);
    const file = openAt(parent, name);
    if (file.stats.ino === stats.ino && file.stats.dev === stats.dev && file.stats.nlink <= stats.nlink) return file;
    file[Symbol.dispose]();
  } catch (thrown) {
    if (toErrno(thrown) === "EACCES" || toErrno(thrown) === "EPERM") {
      scan.skipped.push({ path, why: "this file can't be read" });
      return undefined;
    }
    if (!(thrown instanceof OsError)) throw thrown;
  }
  scan.dangers.push({ path, why: "it was replaced while it was read" });
  return undefined;
}

function stageSmall(
  capturing: Capturing,
  { bytes, ids, mode }: { readonly bytes: Buffer; readonly ids: StagedFile["ids"]; readonly mode: number },
): StagedFile {
  const name = capturing.staging.stageFast(bytes, mode);
  capturing.keptBytes += bytes.length;
  const kept = capturing.keptBytes <= MAX_KEPT_BYTES ? bytes : undefined;
  return { name, mode, ids, size: bytes.length, bytes: kept };
}

async function stageLarge({ staging, vault }: Capturing, file: OpenFile, mode: number): Promise<StagedFile> {
  const name = staging.name();
  const copy = await copyContent(file, staging.folder.at(name), vault);
  try {
    fs.fchmodSync(copy.fd, mode);
    return { name, mode, ids: copy.ids, size: fs.fstatSync(copy.fd).size };
  } finally {
    fs.closeSync(copy.fd);
  }
}

async function syncStaged(staging: Staging, files: readonly StagedFile[]): Promise<void> {
  for (let at = 0; at < files.length; at += SYNCED_AT_ONCE)
    await Promise.all(files.slice(at, at + SYNCED_AT_ONCE).map(({ name }) => staging.syncNamed(name)));
}
