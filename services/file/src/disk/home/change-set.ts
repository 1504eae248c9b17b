import fs from "node:fs";
import type { ContentIds, ContentMemory } from "../content.ts";
import { openFile, readParts } from "../content.ts";
import { type Folder, lookAt } from "../folder.ts";
import type { Staging } from "../staging.ts";
import { Transaction } from "../transaction.ts";
import { toGitMode } from "../../change/path-state.ts";
import { type StepContent, type TreeStep, putBytes } from "../../git/fast-import-text.ts";
import { MANIFEST_NAME, isSnapshotted, joinPath } from "../../home-path/home-rules.ts";
import type { WrittenPath } from "./recorder.ts";

/** A file ready to be put in place: staged, hashed, with exact permissions. */
export interface StagedFile {
  readonly name: string;
  readonly mode: number;
  readonly ids: ContentIds;
  readonly size: number;
  /** Small files keep their bytes for the snapshot; large ones are read again. */
  readonly bytes?: Buffer | undefined;
}

/** Gathers one change of the home: what happens on the disk, in the snapshot, and what listeners are told. */
export class ChangeSet {
  readonly steps: TreeStep[] = [];
  readonly paths: WrittenPath[] = [];
  /** Files whose content stays out of the snapshot, with the secret they hold. */
  readonly withheld = new Map<string, string>();
  /** New permissions of files by path, for the manifests. */
  readonly modes = new Map<string, number | undefined>();
  readonly transaction: Transaction;
  readonly #root: Folder;
  readonly #staging: Staging;
  readonly #placed: { readonly path: string; readonly ids: ContentIds }[] = [];

  constructor(root: Folder, staging: Staging) {
    this.#root = root;
    this.#staging = staging;
    this.transaction = new Transaction(root, staging);
  }

  /** Writes bytes where a later `put` takes them from. */
  async stage(bytes: Buffer, about: { readonly mode: number; readonly ids: ContentIds }): Promise<StagedFile> {
    const name = await this.#staging.stage(bytes, about.mode);
    return { name, mode: about.mode, ids: about.ids, size: bytes.length, bytes };
  }

  /** Puts a staged file in place. */
  put(path: string, file: StagedFile, kind: "created" | "updated"): void {
    this.transaction.place(file.name, path);
    const mode = toGitMode(file.mode);
    this.steps.push(this.#toStep(path, mode, file));
    if (file.ids.withheld !== undefined) this.withheld.set(path, file.ids.withheld.secret);
    this.modes.set(path, file.mode);
    this.paths.push({ path, kind, hash: file.ids.hash, sizeBytes: file.size });
    this.#placed.push({ path, ids: file.ids });
  }

  /** Puts a link in place. */
  link(path: string, target: Buffer, kind: "created" | "updated"): void {
    this.transaction.link(path, target);
    this.steps.push(putBytes(path, "120000", target));
    this.modes.set(path, undefined);
    this.paths.push({ path, kind });
  }

  /** Takes a path away; `below` names the files that go with a folder. */
  remove(path: string, below: readonly string[] = []): void {
    this.transaction.remove(path);
    this.steps.push({ step: "remove", path });
    this.modes.set(path, undefined);
    for (const gone of below.length === 0 ? [path] : below) this.paths.push({ path: gone, kind: "deleted" });
  }

  /** Renames; `isInTree` tells whether the snapshot holds anything of it. */
  move(from: string, to: string, about: { readonly isInTree: boolean; readonly mode: number | undefined }): void {
    this.transaction.move(from, to);
    if (about.isInTree) this.steps.push({ step: "rename", from, to });
    this.modes.set(from, undefined);
    this.modes.set(to, about.mode);
  }

  /** Gives a folder these permissions, making it when it is missing. */
  folder(path: string, mode: number, kind: "created" | "updated"): void {
    this.transaction.folder(path, mode);
    this.modes.set(joinPath(path, MANIFEST_NAME), undefined);
    this.paths.push({ path, kind });
  }

  /** Removes a folder that nothing is left in. */
  removeIfEmpty(path: string): boolean {
    if (!this.transaction.removeIfEmpty(path)) return false;
    this.steps.push({ step: "remove", path });
    this.modes.set(path, undefined);
    return true;
  }

  /** Notes the placed files as being in the snapshot. */
  remember(settled: ContentMemory): void {
    for (const { path, ids } of this.#placed) {
      if (!isSnapshotted(path)) continue;
      const stats = lookAt(this.#root, path);
      if (stats?.isFile()) settled.remember(path, stats, ids);
    }
  }

  #toStep(path: string, mode: string, { bytes, ids }: StagedFile): TreeStep {
    if (ids.withheld !== undefined) return putBytes(path, mode, ids.withheld.placeholder);
    if (bytes !== undefined) return putBytes(path, mode, bytes);
    return { step: "put", path, mode, open: () => this.#open(path) };
  }

  #open(path: string): StepContent | undefined {
    const file = openFile(this.#root, path);
    const parts = async function* () {
      try {
        yield* readParts(file.fd, 0, file.stats.size);
      } finally {
        fs.closeSync(file.fd);
      }
    };
    return { size: file.stats.size, parts: parts() };
  }
}
