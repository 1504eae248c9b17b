import { type OsError, rejected } from "@matrix-os/contracts/errors";
import type { Origin } from "@matrix-os/contracts/define";
import { toErrno } from "../disk-error.ts";
import { type ContentIds, type ContentMemory, openFile, readRange, toContentIds } from "../content.ts";
import type { Folder } from "../folder.ts";
import type { Staging } from "../staging.ts";
import type { HistoryRepository } from "../../git/history-repository.ts";
import { isReserved } from "../../home-path/home-rules.ts";
import type { VaultScan } from "../../withheld/vault-scan.ts";
import type { ChangeSet, StagedFile } from "./change-set.ts";
import type { HomeWriter, Intent } from "./home-writer.ts";
import type { Recorder } from "./recorder.ts";

/** What a file should become. */
export interface Replacement {
  readonly path: string;
  readonly ifMatch?: string | undefined;
  readonly origin: Origin;
  /** The old text is still in what is written. */
  readonly isPartial?: boolean | undefined;
}

/** The file before the change. */
export interface CurrentFile {
  readonly mode: number;
  readonly ids: ContentIds;
  readonly bytes: () => Buffer;
}

/** What a change of one path answers. */
export interface ChangeReply {
  readonly path: string;
  readonly hash?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly created: boolean;
  readonly change: string;
  readonly seq: number;
}

/** What changes of the home work with. */
export interface Home {
  readonly root: Folder;
  readonly staging: Staging;
  readonly scan: VaultScan;
  readonly writer: HomeWriter;
  readonly recorder: Recorder;
  readonly repository: HistoryRepository;
  readonly contents: ContentMemory;
}

const NEW_FILE_MODE = 0o644;

/** Creates or replaces one file with bytes made from the current ones. The same bytes again change nothing. */
export function replaceFile(
  home: Home,
  wish: Replacement,
  toNext: (current: CurrentFile | undefined) => Buffer,
): Promise<ChangeReply> {
  return replace(home, wish, async (set, current) => {
    const bytes = toNext(current);
    const ids = toContentIds(bytes, home.scan);
    if (ids.blob === current?.ids.blob) return { ids, size: bytes.length, staged: undefined };
    const staged = await set.stage(bytes, { mode: current?.mode ?? NEW_FILE_MODE, ids });
    return { ids, size: bytes.length, staged };
  });
}

/** The same with a file that is staged already; its mode becomes that of the file it replaces. */
export function replaceWithStaged(
  home: Home,
  wish: Replacement,
  file: { readonly staged: StagedFile; readonly setMode: (mode: number) => void },
): Promise<ChangeReply> {
  return replace(home, wish, (_set, current) => {
    const { ids, size } = file.staged;
    if (ids.blob === current?.ids.blob) return Promise.resolve({ ids, size, staged: undefined });
    const mode = current?.mode ?? NEW_FILE_MODE;
    file.setMode(mode);
    return Promise.resolve({ ids, size, staged: { ...file.staged, mode } });
  });
}

function toIntent({ origin, path, isPartial }: Replacement): Intent {
  return { origin, paths: [path], isPartial };
}

interface Next {
  readonly ids: ContentIds;
  readonly size: number;
  readonly staged: StagedFile | undefined;
}

async function replace(
  home: Home,
  wish: Replacement,
  toNext: (set: ChangeSet, current: CurrentFile | undefined) => Promise<Next>,
): Promise<ChangeReply> {
  refuseReserved(wish.path);
  const { result, line } = await home.writer.change(toIntent(wish), async (set) => {
    const current = await readCurrent(home, wish.path);
    checkPrecondition(wish, current?.ids.hash);
    const next = await toNext(set, current);
    if (next.staged !== undefined) set.put(wish.path, next.staged, current === undefined ? "created" : "updated");
    return { hash: next.ids.hash, sizeBytes: next.size, created: current === undefined };
  });
  return { path: wish.path, ...result, ...toPlace(home.recorder, line) };
}

/** Where a change stands; a change that was none stands where the newest one does. */
export function toPlace(
  recorder: Recorder,
  line: { readonly change: string; readonly seq: number } | undefined,
): { change: string; seq: number } {
  const at = line ?? recorder.log.last;
  return { change: at?.change ?? "c_0", seq: at?.seq ?? 0 };
}

/** Errors: `denied` for paths that file requests may not change. */
export function refuseReserved(path: string): void {
  if (isReserved(path)) throw rejected("denied", `${path} can't be changed by file requests`, { field: "path" });
}

/** Errors: `conflict` when the file is not what the caller thinks. */
export function checkPrecondition(
  wish: { readonly path: string; readonly ifMatch?: string | undefined },
  hash: string | undefined,
): void {
  if (wish.ifMatch === undefined || wish.ifMatch === (hash ?? "absent")) return;
  throw rejected("conflict", `${wish.path} ${hash === undefined ? "does not exist" : "changed since it was read"}`, {
    field: "ifMatch",
  });
}

/** The file that stands at a path, or `undefined`. Errors: `is-folder`, `denied` for links, `not-a-folder`. */
export async function readCurrent(
  home: Pick<Home, "root" | "contents">,
  path: string,
): Promise<CurrentFile | undefined> {
  const opened = openIfThere(home.root, path);
  if (opened === undefined) return undefined;
  using file = opened;
  const ids = await home.contents.idsOf(path, file);
  return { mode: file.stats.mode & 0o7777, ids, bytes: () => readAgain(home.root, path) };
}

function readAgain(root: Folder, path: string): Buffer {
  using file = openFile(root, path);
  return readRange(file.fd, 0, file.stats.size);
}

function openIfThere(root: Folder, path: string) {
  try {
    return openFile(root, path);
  } catch (thrown) {
    if ((thrown as OsError).code === "not-found" || toErrno(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}
