import fs from "node:fs";
import path from "node:path";
import { OsError, unavailable } from "@matrix-os/contracts/errors";
import { type FolderManifest, parseManifest, plainManifest } from "../change/folder-manifest.ts";
import { type PathState, fromGitMode } from "../change/path-state.ts";
import { MANIFEST_NAME, joinPath, splitPath } from "../home-path/home-rules.ts";
import { type Commit, type TreeItem, isFolderMode, isTree } from "./fast-import-text.ts";
import { FastImport } from "./fast-import.ts";
import { type GitPlace, runGit } from "./git-command.ts";
import { ObjectReader } from "./object-reader.ts";
import { parseCommit, parseTree } from "./tree-object.ts";

/** Packs that may gather before they are put together. */
const MAX_PACKS = 400;
/** Packs after which a snapshot waits for them to be put together: there was never a quiet moment. */
const MUST_PACK = 2_000;

/** The difference of one path between two trees; folders appear only through what is in them. */
export interface TreeDifference {
  readonly path: string;
  readonly before: TreeItem | undefined;
  readonly after: TreeItem | undefined;
}

/** The history: a bare git directory whose `refs/snap/<device>` only this object moves. */
export class HistoryRepository implements AsyncDisposable {
  readonly #place: GitPlace;
  readonly #ref: string;
  readonly #reader: ObjectReader;
  #writer: FastImport | undefined;
  #tip: string | undefined;
  #packs = 0;

  constructor(place: GitPlace, device: string) {
    this.#place = place;
    this.#ref = `refs/snap/${device}`;
    this.#reader = new ObjectReader(place);
  }

  /** Makes the git directory when it is missing and finds the newest snapshot. Errors: `disk-failed` when git is not installed. */
  async open(): Promise<void> {
    if (!fs.existsSync(path.join(this.#place.gitDir, "HEAD"))) {
      await runGit(this.#place, ["init", "--quiet", "--bare", "--object-format=sha1", "--template="]);
    }
    this.#sweep();
    this.#tip = await this.#readTip();
    this.#packs = fs
      .readdirSync(path.join(this.#place.gitDir, "objects/pack"))
      .filter((name) => name.endsWith(".pack")).length;
  }

  /** The newest snapshot, if there is one. */
  get tip(): string | undefined {
    return this.#tip;
  }

  /** Whether packs should be put together at the next quiet moment. */
  get needsPacking(): boolean {
    return this.#packs >= MAX_PACKS;
  }

  /** Makes the next snapshot; it is on the disk and the ref was read back when its id is answered. A broken writer gets a second try. */
  async commit(commit: Omit<Commit, "ref" | "parent">): Promise<string> {
    if (this.#packs >= MUST_PACK) await this.pack();
    try {
      return await this.#commitOnce(commit);
    } catch (thrown) {
      if (thrown instanceof OsError && thrown.code === "disk-full") throw thrown;
      return this.#commitOnce(commit);
    }
  }

  async #commitOnce(commit: Omit<Commit, "ref" | "parent">): Promise<string> {
    const writer = this.#writerNow();
    try {
      const id = await writer.commit({ ...commit, ref: this.#ref, parent: this.#tip });
      const tip = await this.#readTip();
      if (tip !== id)
        throw unavailable("disk-failed", `the history's ref was moved by something else (${tip ?? "gone"})`);
      this.#tip = id;
      this.#packs += 1;
      return id;
    } catch (thrown) {
      writer.kill();
      this.#writer = undefined;
      this.#tip = await this.#readTip();
      throw thrown;
    }
  }

  /** What stands at a path in a snapshot, as a tree has it. */
  look(commit: string, at: string): Promise<TreeItem | undefined> {
    return this.#writerNow().look(commit, at);
  }

  /** What a folder needs beside its tree. */
  async manifest(commit: string | undefined, folder: string): Promise<FolderManifest> {
    const item = commit === undefined ? undefined : await this.look(commit, joinPath(folder, MANIFEST_NAME));
    const bytes = item === undefined ? undefined : await this.#reader.read(item.id);
    return bytes === undefined ? plainManifest : parseManifest(bytes.toString("utf8"));
  }

  /** What stood at a path, with its exact permissions. */
  async state(commit: string | undefined, at: string): Promise<PathState | undefined> {
    const item = commit === undefined ? undefined : await this.look(commit, at);
    if (item === undefined) return undefined;
    if (isFolderMode(item.mode)) return { type: "folder", mode: (await this.manifest(commit, at)).mode };
    if (item.mode === "120000") return { type: "link", blob: item.id };
    const { folder, name } = splitPath(at);
    const manifest = await this.manifest(commit, folder);
    return { type: "file", mode: manifest.files.get(name) ?? fromGitMode(item.mode), blob: item.id };
  }

  /** The bytes of a file or link. Errors: `disk-failed` when the history lost them. */
  async blob(id: string): Promise<Buffer> {
    const bytes = await this.#reader.read(id);
    if (bytes === undefined) throw unavailable("disk-failed", `the history has lost object ${id}`);
    return bytes;
  }

  /** A commit's parent, tree and message, or `undefined` when it is gone. */
  async readCommit(id: string): Promise<ReturnType<typeof parseCommit> | undefined> {
    const bytes = await this.#reader.read(id);
    return bytes === undefined ? undefined : parseCommit(bytes);
  }

  /** Every blob below a folder of a snapshot, by path. */
  async list(commit: string, folder: string): Promise<Map<string, TreeItem>> {
    const root = await this.look(commit, folder);
    const found = new Map<string, TreeItem>();
    for (const { path: at, after } of isTree(root) ? await this.#diff(folder, undefined, root.id) : []) {
      if (after !== undefined) found.set(at, after);
    }
    return found;
  }

  /** What a commit changed against its parent. */
  async changesOf(commit: string): Promise<readonly TreeDifference[]> {
    const facts = await this.readCommit(commit);
    const parent = facts?.parent === undefined ? undefined : await this.readCommit(facts.parent);
    return facts === undefined ? [] : this.#diff("", parent?.tree, facts.tree);
  }

  /** Puts the packs together. Nothing else may use the history meanwhile. */
  async pack(): Promise<void> {
    await this.#close();
    await runGit(this.#place, ["repack", "--quiet", "-d", "--geometric=2"]);
    this.#packs = 1;
  }

  /** Ends the git processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #close(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await Promise.all([writer?.[Symbol.asyncDispose](), this.#reader[Symbol.asyncDispose]()]);
  }

  async #diff(folder: string, before: string | undefined, after: string | undefined): Promise<TreeDifference[]> {
    if (before === after) return [];
    const [left, right] = await Promise.all([this.#tree(before), this.#tree(after)]);
    const names = [...new Set([...left.keys(), ...right.keys()])];
    const parts = await Promise.all(
      names.map((name) => this.#diffItem(joinPath(folder, name), left.get(name), right.get(name))),
    );
    return parts.flat();
  }

  async #diffItem(at: string, before: TreeItem | undefined, after: TreeItem | undefined): Promise<TreeDifference[]> {
    if (before !== undefined && before.id === after?.id && before.mode === after.mode) return [];
    const [left, right] = [toSides(before), toSides(after)];
    const below = await this.#diff(at, left.tree, right.tree);
    if (left.blob === undefined && right.blob === undefined) return below;
    return [{ path: at, before: left.blob, after: right.blob }, ...below];
  }

  async #tree(id: string | undefined): Promise<Map<string, TreeItem>> {
    const bytes = id === undefined ? undefined : await this.#reader.read(id);
    return bytes === undefined ? new Map() : parseTree(bytes);
  }

  #writerNow(): FastImport {
    if (this.#writer === undefined || this.#writer.isEnded) {
      this.#sweep();
      this.#writer = new FastImport(this.#place);
    }
    return this.#writer;
  }

  async #readTip(): Promise<string | undefined> {
    try {
      return fs.readFileSync(path.join(this.#place.gitDir, this.#ref), "utf8").trim();
    } catch {
      const packed = await runGit(this.#place, ["for-each-ref", "--format=%(objectname)", this.#ref]);
      return packed.trim() || undefined;
    }
  }

  /** A killed writer leaves its unfinished pack, its `.keep` marks and a report. */
  #sweep(): void {
    const packs = path.join(this.#place.gitDir, "objects/pack");
    for (const name of readNames(packs)) {
      if (name.startsWith("tmp_") || name.endsWith(".keep")) fs.rmSync(path.join(packs, name), { force: true });
    }
    for (const name of readNames(this.#place.gitDir)) {
      if (name.startsWith("fast_import_crash_")) fs.rmSync(path.join(this.#place.gitDir, name), { force: true });
    }
    fs.rmSync(path.join(this.#place.gitDir, `${this.#ref}.lock`), { force: true });
  }
}

/** What an item is: a folder's tree, or something with bytes. */
function toSides(item: TreeItem | undefined): { readonly tree?: string; readonly blob?: TreeItem } {
  if (item === undefined) return {};
  return isTree(item) ? { tree: item.id } : { blob: item };
}

function readNames(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
