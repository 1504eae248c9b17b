import fs from "node:fs";
import {
  type FolderManifest,
  formatManifest,
  isManifestNeeded,
  parseManifest,
  plainManifest,
  withFile,
} from "../../change/folder-manifest.ts";
import { openFolder, type Folder } from "../folder.ts";
import { isEmptyNow } from "../walk.ts";
import { type TreeStep, putBytes } from "../../git/fast-import-text.ts";
import type { HistoryRepository } from "../../git/history-repository.ts";
import { MANIFEST_NAME, foldersAbove, isSnapshotted, joinPath, splitPath } from "../../home-path/home-rules.ts";

/** Permissions of changed files by path; `undefined` for what is gone or is a link. */
export type FileModes = ReadonlyMap<string, number | undefined>;

/** A folder seen whole. */
export interface SeenFolder {
  readonly manifest: FolderManifest;
  readonly isEmpty: boolean;
}

const MAX_KNOWN = 10_000;

/** Keeps the manifests in the tree in step with the disk, looking only at folders that a change touched. */
export class ManifestBook {
  readonly #root: Folder;
  readonly #repository: HistoryRepository;
  readonly #known = new Map<string, string | undefined>();

  constructor(root: Folder, repository: HistoryRepository) {
    this.#root = root;
    this.#repository = repository;
  }

  /** The steps that bring the manifests of all folders above changed paths up to date. */
  async stepsFor(modes: FileModes): Promise<TreeStep[]> {
    const byFolder = new Map<string, [string, number | undefined][]>([["", []]]);
    for (const [path, mode] of modes) {
      for (const folder of foldersAbove(path)) if (!byFolder.has(folder)) byFolder.set(folder, []);
      const { folder, name } = splitPath(path);
      byFolder.get(folder)?.push([name, mode]);
    }
    const steps = await Promise.all(
      [...byFolder]
        .filter(([folder]) => folder === "" || isSnapshotted(folder))
        .map(([folder, files]) => this.#step(folder, files)),
    );
    return steps.flat();
  }

  /** The step that makes a folder's manifest what was seen. */
  stepFor(folder: string, seen: SeenFolder, committed: string | undefined): TreeStep[] {
    const text = isManifestNeeded(seen.manifest, seen.isEmpty) ? formatManifest(seen.manifest) : undefined;
    this.#keep(folder, text);
    return text === committed ? [] : [toStep(folder, text)];
  }

  /** What the newest snapshot says about a folder. */
  async committed(folder: string): Promise<FolderManifest> {
    const text = await this.#committed(folder);
    return text === undefined ? plainManifest : parseManifest(text);
  }

  /** Forgets what it knows: after a failed snapshot, and when folders moved. */
  clear(): void {
    this.#known.clear();
  }

  async #step(folder: string, files: readonly [string, number | undefined][]): Promise<TreeStep[]> {
    const committed = await this.#committed(folder);
    const seen = this.#look(folder);
    if (seen === undefined) return this.stepFor(folder, { manifest: plainManifest, isEmpty: false }, committed);
    const before = committed === undefined ? plainManifest : parseManifest(committed);
    const manifest = files.reduce((so, [name, mode]) => withFile(so, name, mode), {
      mode: seen.mode,
      files: before.files,
    } as FolderManifest);
    return this.stepFor(folder, { manifest, isEmpty: seen.isEmpty }, committed);
  }

  /** The home's own permissions are the owner's business and it is never empty. */
  #look(folder: string): { readonly mode: number; readonly isEmpty: boolean } | undefined {
    if (folder === "") return { mode: plainManifest.mode, isEmpty: false };
    try {
      using opened = openFolder(this.#root, folder);
      return { mode: fs.fstatSync(opened.fd).mode & 0o7777, isEmpty: isEmptyNow(this.#root, folder, isSnapshotted) };
    } catch {
      return undefined;
    }
  }

  async #committed(folder: string): Promise<string | undefined> {
    if (this.#known.has(folder)) return this.#known.get(folder);
    const { tip } = this.#repository;
    const item = tip === undefined ? undefined : await this.#repository.look(tip, joinPath(folder, MANIFEST_NAME));
    const text = item === undefined ? undefined : (await this.#repository.blob(item.id)).toString("utf8");
    this.#keep(folder, text);
    return text;
  }

  #keep(folder: string, text: string | undefined): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(folder, text);
  }
}

function toStep(folder: string, text: string | undefined): TreeStep {
  const path = joinPath(folder, MANIFEST_NAME);
  return text === undefined ? { step: "remove", path } : putBytes(path, "100644", Buffer.from(text));
}
