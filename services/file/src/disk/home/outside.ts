import fs from "node:fs";
import { OsError } from "@matrix-os/contracts/errors";
import type { FolderManifest } from "../../change/folder-manifest.ts";
import { withFile } from "../../change/folder-manifest.ts";
import { fromGitMode, toGitMode } from "../../change/path-state.ts";
import {
  type ContentIds,
  type ContentMemory,
  type OpenFile,
  openFile,
  readContentIds,
  readParts,
  readRange,
  toBlobId,
  toContentIds,
  toStamp,
} from "../content.ts";
import { type Folder, lookAt, openFolder } from "../folder.ts";
import { type Found, toType, walk } from "../walk.ts";
import { type StepContent, type TreeItem, type TreeStep, isTree, putBytes } from "../../git/fast-import-text.ts";
import type { HistoryRepository } from "../../git/history-repository.ts";
import { MANIFEST_NAME, isSnapshotted, joinPath, splitPath } from "../../home-path/home-rules.ts";
import type { VaultScan } from "../../withheld/vault-scan.ts";
import type { ManifestBook } from "./manifest-book.ts";
import type { WrittenPath } from "./recorder.ts";

/** How the disk differs from the newest snapshot. */
export interface Differences {
  readonly steps: TreeStep[];
  readonly paths: WrittenPath[];
  readonly modes: Map<string, number | undefined>;
  /** Files whose content stays out, with the secret they hold; complete once the snapshot is made. */
  readonly withheld: Map<string, string>;
}

interface Parts {
  readonly root: Folder;
  readonly repository: HistoryRepository;
  readonly manifests: ManifestBook;
  /** Files known to be in the newest snapshot as they stand on the disk. */
  readonly settled: ContentMemory;
  readonly scan: VaultScan;
}

const SMALL_BYTES = 1_048_576;

/** Finds what others changed behind the service's back, by comparing the disk with the newest snapshot. */
export class Outside {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The differences at these paths; a folder is compared with all it holds. */
  async compare(paths: Iterable<string>): Promise<Differences> {
    const found: Differences = { steps: [], paths: [], modes: new Map(), withheld: new Map() };
    for (const path of new Set(paths)) {
      if (path !== "" && !isSnapshotted(path)) continue;
      const before = { steps: found.steps.length, paths: found.paths.length };
      await this.#comparePath(path, found);
      const isNameless = found.steps.length > before.steps && found.paths.length === before.paths;
      if (isNameless && path !== "") found.paths.push({ path, kind: await this.#kindOf(path) });
    }
    if (found.modes.size > 0) found.steps.push(...(await this.#parts.manifests.stepsFor(found.modes)));
    return found;
  }

  async #kindOf(path: string): Promise<"created" | "updated"> {
    const { tip } = this.#parts.repository;
    return toKind(tip === undefined ? undefined : await this.#parts.repository.look(tip, path));
  }

  async #comparePath(path: string, found: Differences): Promise<void> {
    const stats = path === "" ? undefined : lookAt(this.#parts.root, path);
    if (path === "" || stats?.isDirectory()) return this.#compareFolder(path, found);
    if (stats === undefined || toType(stats) === "other") return this.#compareMissing(path, found);
    if (this.#parts.settled.recall(path, stats) !== undefined) return;
    const { tip } = this.#parts.repository;
    const item = tip === undefined ? undefined : await this.#parts.repository.look(tip, path);
    await (stats.isSymbolicLink() ? this.#compareLink(path, item, found) : this.#compareFile(path, item, found));
  }

  async #compareFile(path: string, item: TreeItem | undefined, found: Differences): Promise<void> {
    const opened = this.#open(path);
    if (opened === undefined) return;
    using file = opened;
    const mode = file.stats.mode & 0o7777;
    const bytes = file.stats.size <= SMALL_BYTES ? readRange(file.fd, 0, file.stats.size) : undefined;
    const ids = await this.#idsOf(file, bytes);
    const isSame = item?.id === ids.blob && (await this.#modeOf(path, item)) === mode;
    if (toStamp(fs.fstatSync(file.fd)) === toStamp(file.stats)) this.#parts.settled.remember(path, file.stats, ids);
    if (isSame) return;
    const kept = noteWithheld(path, ids, found) ?? bytes;
    found.steps.push(
      kept === undefined ? this.#putFromDisk(path, file.stats, found) : putBytes(path, toGitMode(mode), kept),
    );
    found.modes.set(path, mode);
    found.paths.push({ path, kind: toKind(item), hash: ids.hash, sizeBytes: file.stats.size });
  }

  #idsOf(file: OpenFile, bytes: Buffer | undefined): Promise<ContentIds> | ContentIds {
    const { scan } = this.#parts;
    return bytes === undefined ? readContentIds(file, scan) : toContentIds(bytes, scan);
  }

  async #compareLink(path: string, item: TreeItem | undefined, found: Differences): Promise<void> {
    const target = this.#readLink(path);
    if (target === undefined || (item?.mode === "120000" && item.id === toBlobId(target))) return;
    found.steps.push(putBytes(path, "120000", target));
    found.modes.set(path, undefined);
    found.paths.push({ path, kind: toKind(item) });
  }

  async #compareMissing(path: string, found: Differences): Promise<void> {
    const { tip } = this.#parts.repository;
    const item = tip === undefined ? undefined : await this.#parts.repository.look(tip, path);
    if (item === undefined || tip === undefined) return;
    const below = isTree(item) ? [...(await this.#parts.repository.list(tip, path)).keys()].filter(isRealPath) : [path];
    found.steps.push({ step: "remove", path });
    found.modes.set(path, undefined);
    for (const gone of below.length === 0 ? [path] : below) found.paths.push({ path: gone, kind: "deleted" });
    if (isTree(item)) this.#parts.manifests.clear();
  }

  async #compareFolder(path: string, found: Differences): Promise<void> {
    const { root, repository } = this.#parts;
    const known =
      repository.tip === undefined ? new Map<string, TreeItem>() : await repository.list(repository.tip, path);
    const seen = new Map<string, { manifest: FolderManifest; isEmpty: boolean }>();
    if (path !== "") seen.set(path, { manifest: { mode: this.#folderMode(path), files: new Map() }, isEmpty: true });
    for await (const item of walk(root, path, { keep: isSnapshotted })) {
      noteInFolder(seen, item);
      if (item.type === "file" || item.type === "link") await this.#compareFound(item, known, found);
    }
    for (const [folder, state] of seen) await this.#compareManifest(folder, state, { known, found });
    for (const gone of known.keys()) {
      found.steps.push({ step: "remove", path: gone });
      if (isRealPath(gone)) found.paths.push({ path: gone, kind: "deleted" });
    }
    if (path !== "") found.modes.set(path, undefined);
  }

  /** Compares one file of a walk and crosses it off what the snapshot holds. */
  async #compareFound(item: Found, known: Map<string, TreeItem>, found: Differences): Promise<void> {
    const before = known.get(item.path);
    known.delete(item.path);
    if (item.type === "link") return this.#compareLink(item.path, before, found);
    if (before !== undefined) {
      if (this.#parts.settled.recall(item.path, item.stats) !== undefined) return;
      return this.#compareFile(item.path, before, { ...found, modes: new Map() });
    }
    // A large one is read to its end before, for what it holds decides what goes in.
    if (item.stats.size > SMALL_BYTES) return this.#compareFile(item.path, undefined, { ...found, modes: new Map() });
    found.steps.push(this.#putFromDisk(item.path, item.stats, found));
    found.paths.push({ path: item.path, kind: "created", sizeBytes: item.stats.size });
  }

  async #compareManifest(
    folder: string,
    state: { manifest: FolderManifest; isEmpty: boolean },
    against: { known: Map<string, TreeItem>; found: Differences },
  ): Promise<void> {
    const name = joinPath(folder, MANIFEST_NAME);
    const item = against.known.get(name);
    against.known.delete(name);
    const committed = item === undefined ? undefined : (await this.#parts.repository.blob(item.id)).toString("utf8");
    against.found.steps.push(...this.#parts.manifests.stepFor(folder, state, committed));
  }

  /** A step that reads the file when the snapshot is written; a file that is gone by then is left out. */
  #putFromDisk(path: string, stats: fs.Stats, found: Differences): TreeStep {
    return { step: "put", path, mode: toGitMode(stats.mode), open: () => this.#openContent(path, stats, found) };
  }

  #openContent(path: string, stats: fs.Stats, found: Differences): StepContent | undefined {
    const file = this.#open(path);
    if (file === undefined) return undefined;
    if (file.stats.size > SMALL_BYTES) {
      return { size: file.stats.size, parts: closing(file, readParts(file.fd, 0, file.stats.size)) };
    }
    using opened = file;
    const bytes = readRange(opened.fd, 0, opened.stats.size);
    const ids = toContentIds(bytes, this.#parts.scan);
    if (toStamp(opened.stats) === toStamp(stats)) this.#parts.settled.remember(path, stats, ids);
    const kept = noteWithheld(path, ids, found) ?? bytes;
    return { size: kept.length, parts: [kept] };
  }

  async #modeOf(path: string, item: TreeItem): Promise<number> {
    const { folder, name } = splitPath(path);
    const manifest = await this.#parts.manifests.committed(folder);
    return manifest.files.get(name) ?? fromGitMode(item.mode);
  }

  #open(path: string) {
    try {
      return openFile(this.#parts.root, path);
    } catch (thrown) {
      if (thrown instanceof OsError || isUnreadable(thrown)) return undefined;
      throw thrown;
    }
  }

  #readLink(path: string): Buffer | undefined {
    const { folder, name } = splitPath(path);
    try {
      using parent = openFolder(this.#parts.root, folder);
      return fs.readlinkSync(parent.at(name), { encoding: "buffer" });
    } catch {
      return undefined;
    }
  }

  #folderMode(path: string): number {
    using folder = openFolder(this.#parts.root, path);
    return fs.fstatSync(folder.fd).mode & 0o7777;
  }
}

/** What goes into the snapshot instead of a content that holds a secret. */
function noteWithheld(path: string, { withheld }: ContentIds, found: Differences): Buffer | undefined {
  if (withheld !== undefined) found.withheld.set(path, withheld.secret);
  return withheld?.placeholder;
}

function noteInFolder(seen: Map<string, { manifest: FolderManifest; isEmpty: boolean }>, item: Found): void {
  const { folder, name } = splitPath(item.path);
  const parent = seen.get(folder) ?? { manifest: { mode: 0o755, files: new Map<string, number>() }, isEmpty: false };
  const mode = item.type === "file" ? item.stats.mode & 0o7777 : undefined;
  seen.set(folder, {
    manifest: withFile(parent.manifest, name, mode),
    isEmpty: parent.isEmpty && item.type === "other",
  });
  if (item.type === "folder")
    seen.set(item.path, { manifest: { mode: item.stats.mode & 0o7777, files: new Map() }, isEmpty: true });
}

function toKind(before: TreeItem | undefined): "created" | "updated" {
  return before === undefined ? "created" : "updated";
}

function isRealPath(path: string): boolean {
  return splitPath(path).name !== MANIFEST_NAME;
}

function isUnreadable(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && (thrown.code === "EACCES" || thrown.code === "EPERM");
}

async function* closing(file: Disposable, parts: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  using _open = file;
  yield* parts;
}
