import fs from "node:fs";
import path from "node:path";
import type { Origin } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import { MutationQueue } from "../../home/mutation-queue.ts";
import { MAX_WORKSPACES, MAX_WORKSPACE_AGE_MS, refuseKeptBack, toWorkspace } from "../../workspace/workspace-rules.ts";
import { toErrno } from "../disk-error.ts";
import { type Folder, openRoot } from "../folder.ts";
import type { Home } from "../home/replace-file.ts";
import { type BaseEntry, keepBase, lastUsedMs, readBase } from "./base-manifest.ts";
import { type CheckedIn, checkIn } from "./check-in.ts";
import { mirrorFolder } from "./mirror-folder.ts";
import { createPace } from "./pace.ts";
import { removeTree } from "./remove-tree.ts";

/** What commands see of a workspace; what this service knows of it stands beside. */
const FILES = "files";

/** Copies of folders of the home where commands work: `work/<workspace>/files` in the state directory. */
export class Workspaces {
  readonly #place: string;
  readonly #home: Home;
  /** One piece of work at a time in each workspace. */
  readonly #queues = new Map<string, MutationQueue>();

  constructor(stateDir: string, home: Home) {
    this.#place = path.join(stateDir, "work");
    this.#home = home;
  }

  /** Makes or refreshes the copy of a folder. Errors: `denied`, `not-a-folder`, `too-large`. */
  async checkOut(folder: string): Promise<{ workspace: string; files: number; bytes: number }> {
    refuseKeptBack(folder);
    const workspace = toWorkspace(folder);
    const reply = await this.#alone(workspace, async () => {
      using place = this.#make(workspace);
      using work = place.child(FILES);
      const known = readBase(place);
      const base = known?.folder === folder ? known : { folder, entries: new Map<string, BaseEntry>() };
      const mirrored = await mirrorFolder(this.#home, work, base);
      keepBase(place, { folder, entries: mirrored.entries });
      return { workspace, files: mirrored.files, bytes: mirrored.bytes };
    });
    await this.#dropOld(workspace);
    return reply;
  }

  /** Takes what changed in a workspace into the home. Errors: `not-found`. */
  checkIn(workspace: string, origin: Origin): Promise<CheckedIn> {
    return this.#alone(workspace, async () => {
      const opened = this.#open(workspace);
      const base = opened === undefined ? undefined : readBase(opened);
      if (opened === undefined || base === undefined) {
        opened?.[Symbol.dispose]();
        throw rejected("not-found", `there is no workspace ${workspace}`, { field: "workspace" });
      }
      using place = opened;
      using work = place.child(FILES);
      const done = await checkIn(this.#home, work, { base, origin });
      if (done.base !== undefined) keepBase(place, done.base);
      return done.reply;
    });
  }

  /** Removes a workspace; silent when it is gone. */
  drop(workspace: string): Promise<void> {
    return this.#alone(workspace, () => this.#remove(workspace));
  }

  async #alone<Result>(workspace: string, work: () => Promise<Result>): Promise<Result> {
    const queue = this.#queues.get(workspace) ?? new MutationQueue();
    this.#queues.set(workspace, queue);
    try {
      return await queue.run(work);
    } finally {
      if (queue.length === 0) this.#queues.delete(workspace);
    }
  }

  #make(workspace: string): Folder {
    const place = path.join(this.#place, workspace);
    fs.mkdirSync(place, { recursive: true, mode: 0o700 });
    const made = openRoot(place);
    if (made.look(FILES) === undefined) {
      fs.mkdirSync(made.at(FILES));
      fs.chmodSync(made.at(FILES), 0o755);
    }
    return made;
  }

  #open(workspace: string): Folder | undefined {
    try {
      return openRoot(path.join(this.#place, workspace));
    } catch (thrown) {
      if (toErrno(thrown) === "ENOENT") return undefined;
      throw thrown;
    }
  }

  async #remove(workspace: string): Promise<void> {
    if (!fs.existsSync(this.#place)) return;
    using all = openRoot(this.#place);
    await removeTree(all, Buffer.from(workspace), createPace());
  }

  /** Only so many workspaces are kept, and none that nobody used for long. */
  async #dropOld(spared: string): Promise<void> {
    const others = fs.readdirSync(this.#place).filter((name) => name !== spared && !this.#queues.has(name));
    const aged = others.map((name) => ({ name, usedMs: this.#usedMs(name) })).toSorted((a, b) => b.usedMs - a.usedMs);
    const oldest = Date.now() - MAX_WORKSPACE_AGE_MS;
    for (const { name } of aged.filter((one, at) => at >= MAX_WORKSPACES - 1 || one.usedMs < oldest))
      await this.drop(name);
  }

  #usedMs(workspace: string): number {
    using place = this.#open(workspace);
    return place === undefined ? 0 : lastUsedMs(place);
  }
}
