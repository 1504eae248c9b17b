import fs from "node:fs";
import type { Origin } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import { isDatabase, isSnapshotted } from "../../home-path/home-rules.ts";
import { type Wish, chooseEntry } from "../../undo/choose-entry.ts";
import { openAt, readContentIds } from "../content.ts";
import { lookAt } from "../folder.ts";
import { writeFully } from "../sync.ts";
import { walk } from "../walk.ts";
import type { ChangeSet, StagedFile } from "./change-set.ts";
import type { ChangeReply, CurrentFile, Home, Replacement } from "./replace-file.ts";
import {
  checkPrecondition,
  readCurrent,
  refuseReserved,
  replaceFile,
  replaceWithStaged,
  toPlace,
} from "./replace-file.ts";
import { type Reversal, reverseEntry } from "./reverse-entry.ts";

/** Changes of the home that others ask for. Each is one change: whole or not at all, recorded, with a snapshot. */
export class HomeFiles {
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Creates or replaces a file with bytes made from the current ones. */
  replace(wish: Replacement, toNext: (current: CurrentFile | undefined) => Buffer): Promise<ChangeReply> {
    return replaceFile(this.#home, wish, toNext);
  }

  /** Creates or replaces a file from a stream of any length up to `maxBytes`. */
  async receive(
    wish: Replacement,
    from: { readonly parts: () => AsyncIterable<Uint8Array>; readonly maxBytes: number },
  ): Promise<ChangeReply> {
    refuseReserved(wish.path);
    const { staging } = this.#home;
    const name = staging.name();
    try {
      const staged = await this.#stageStream(name, from);
      const setMode = (mode: number) => fs.chmodSync(staging.folder.at(name), mode);
      return await replaceWithStaged(this.#home, wish, { staged, setMode });
    } finally {
      staging.drop(name);
    }
  }

  /** Renames a file or folder to a free name. Errors: `not-found`, `already-exists`, `denied`, `invalid`. */
  async move(wish: { readonly from: string; readonly to: string; readonly origin: Origin }): Promise<ChangeReply> {
    const { from, to, origin } = wish;
    refuseReserved(from);
    refuseReserved(to);
    if (to.startsWith(`${from}/`)) throw rejected("invalid", "a folder can't be moved into itself", { field: "to" });
    const { line, result } = await this.#home.writer.change({ origin, paths: [from, to], moved: { from, to } }, (set) =>
      this.#moveNow(from, to, set),
    );
    return { path: to, ...result, created: true, ...toPlace(this.#home.recorder, line) };
  }

  /** Deletes a file, or a folder with all it holds. Errors: `not-found`, `conflict`, `denied`. */
  async remove(wish: Replacement): Promise<ChangeReply> {
    const { path, origin } = wish;
    refuseReserved(path);
    const { line } = await this.#home.writer.change({ origin, paths: [path] }, async (set) => {
      const stats = lookAt(this.#home.root, path);
      if (stats === undefined) throw rejected("not-found", `${path} does not exist`, { field: "path" });
      const hash = async () => (stats.isFile() ? (await readCurrent(this.#home, path))?.ids.hash : "no file");
      if (wish.ifMatch !== undefined) checkPrecondition(wish, await hash());
      set.remove(path, stats.isDirectory() ? await this.#filesBelow(path) : []);
    });
    return { path, created: false, ...toPlace(this.#home.recorder, line) };
  }

  /** Takes a history entry back, or redoes the newest undo. Errors: `nothing-to-undo`, `not-found`. */
  reverse(wish: Wish, origin: Origin): Promise<Reversal> {
    const { writer, recorder } = this.#home;
    return writer.queue.run(() => reverseEntry(this.#home, chooseEntry(recorder.entries, wish), origin));
  }

  async #stageStream(
    name: string,
    from: { readonly parts: () => AsyncIterable<Uint8Array>; readonly maxBytes: number },
  ): Promise<StagedFile> {
    const { staging } = this.#home;
    const fd = staging.create(name, 0o644);
    let size = 0;
    try {
      for await (const part of from.parts()) {
        if (size + part.length > from.maxBytes)
          throw rejected("too-large", `the file is over ${from.maxBytes} bytes`, { field: "maxBytes" });
        writeFully(fd, part, size);
        size += part.length;
      }
      await staging.sync(fd);
    } finally {
      fs.closeSync(fd);
    }
    using staged = openAt(staging.folder, name);
    return { name, mode: 0o644, ids: await readContentIds(staged, this.#home.scan), size };
  }

  async #moveNow(
    from: string,
    to: string,
    set: ChangeSet,
  ): Promise<{ readonly hash?: string; readonly sizeBytes?: number }> {
    const { root, repository } = this.#home;
    const stats = lookAt(root, from);
    if (stats === undefined) throw rejected("not-found", `${from} does not exist`, { field: "from" });
    if (lookAt(root, to) !== undefined) throw rejected("already-exists", `${to} is there already`, { field: "to" });
    const { tip } = repository;
    const isInTree = tip !== undefined && (await repository.look(tip, from)) !== undefined;
    const file = stats.isFile() ? await readCurrent(this.#home, from) : undefined;
    const below = stats.isDirectory() ? (await this.#filesBelow(from)).map((path) => path.slice(from.length)) : [];
    set.move(from, to, { isInTree, mode: file?.mode });
    const about = file === undefined ? {} : { hash: file.ids.hash, sizeBytes: stats.size };
    for (const rest of below.length === 0 ? [""] : below) {
      set.paths.push({ path: `${from}${rest}`, kind: "deleted" }, { path: `${to}${rest}`, kind: "created", ...about });
    }
    return about;
  }

  /** The files in a folder. Errors: `denied` when an app's database is among them, for the history could not bring it back. */
  async #filesBelow(folder: string): Promise<string[]> {
    const found: string[] = [];
    const keep = (path: string) => isSnapshotted(path) || isDatabase(path);
    for await (const item of walk(this.#home.root, folder, { keep })) {
      if (isDatabase(item.path))
        throw rejected("denied", `${item.path} is an app's database, which could not be brought back`, {
          field: "path",
        });
      if (item.type !== "folder") found.push(item.path);
    }
    return found;
  }
}
