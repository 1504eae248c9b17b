import fs from "node:fs";
import { PLAIN_FOLDER_MODE } from "../change/folder-manifest.ts";
import { foldersAbove, splitPath } from "../home-path/home-rules.ts";
import { toErrno } from "./disk-error.ts";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import type { Staging } from "./staging.ts";
import { syncAll } from "./sync.ts";

/** Folders that are open at once while their names are flushed. */
const SYNCED_AT_ONCE = 64;

/** Changes of the home that all stay or all go: each step keeps what it replaced until `finish`. */
export class Transaction {
  readonly #root: Folder;
  readonly #staging: Staging;
  readonly #backs: (() => void)[] = [];
  readonly #trash: string[] = [];
  readonly #touched = new Set<string>();

  constructor(root: Folder, staging: Staging) {
    this.#root = root;
    this.#staging = staging;
  }

  /** Puts a staged file in place, over whatever file or link is there. */
  place(staged: string, path: string): void {
    const { folder, name } = splitPath(path);
    using parent = this.#openMaking(folder);
    this.#touched.add(folder);
    const kept = parent.look(name) === undefined ? undefined : this.#keep(parent, name);
    fs.renameSync(this.#staging.folder.at(staged), parent.at(name));
    this.#backs.push(() => {
      using again = openFolder(this.#root, folder);
      if (kept === undefined) fs.unlinkSync(again.at(name));
      else fs.renameSync(this.#staging.folder.at(kept), again.at(name));
    });
  }

  /** Takes a file, link or folder away. */
  remove(path: string): void {
    const { folder, name } = splitPath(path);
    using parent = openFolder(this.#root, folder);
    this.#touched.add(folder);
    const trash = this.#staging.name();
    fs.renameSync(parent.at(name), this.#staging.folder.at(trash));
    this.#trash.push(trash);
    this.#backs.push(() => {
      using again = openFolder(this.#root, folder);
      fs.renameSync(this.#staging.folder.at(trash), again.at(name));
    });
  }

  /** Renames a file or folder to a name that is free. */
  move(from: string, to: string): void {
    const source = splitPath(from);
    const target = splitPath(to);
    using toFolder = this.#openMaking(target.folder);
    using fromFolder = openFolder(this.#root, source.folder);
    fs.renameSync(fromFolder.at(source.name), toFolder.at(target.name));
    this.#touched.add(source.folder).add(target.folder);
    this.#backs.push(() => {
      using backTo = openFolder(this.#root, source.folder);
      using backFrom = openFolder(this.#root, target.folder);
      fs.renameSync(backFrom.at(target.name), backTo.at(source.name));
    });
  }

  /** Makes a link, never followed by this service, over whatever is there. */
  link(path: string, target: string | Buffer): void {
    const staged = this.#staging.name();
    fs.symlinkSync(target, this.#staging.folder.at(staged));
    this.#trash.push(staged);
    this.place(staged, path);
  }

  /** Makes a folder with exactly these permissions, or gives them to the one that is there. */
  folder(path: string, mode: number): void {
    using folder = this.#openMaking(path);
    const before = fs.fstatSync(folder.fd).mode & 0o7777;
    if (before === mode) return;
    fs.fchmodSync(folder.fd, mode);
    this.#backs.push(() => {
      using again = openFolder(this.#root, path);
      fs.fchmodSync(again.fd, before);
    });
  }

  /** Removes a folder if nothing is in it; tells whether it did. */
  removeIfEmpty(path: string): boolean {
    const { folder, name } = splitPath(path);
    try {
      using parent = openFolder(this.#root, folder);
      const mode = (parent.look(name)?.mode ?? PLAIN_FOLDER_MODE) & 0o7777;
      fs.rmdirSync(parent.at(name));
      this.#touched.add(folder);
      this.#backs.push(() => this.#remake(path, mode));
      return true;
    } catch (thrown) {
      if (["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(toErrno(thrown) ?? "") || isMissing(thrown))
        return false;
      throw thrown;
    }
  }

  /** Waits until every changed name is on the disk. */
  async sync(): Promise<void> {
    const touched = [...this.#touched];
    for (let at = 0; at < touched.length; at += SYNCED_AT_ONCE)
      await this.#syncFolders(touched.slice(at, at + SYNCED_AT_ONCE));
  }

  async #syncFolders(paths: readonly string[]): Promise<void> {
    const folders = paths.flatMap((path) => this.#openIfThere(path));
    try {
      await Promise.all(folders.map((folder) => syncAll(folder.fd)));
    } finally {
      for (const folder of folders) folder[Symbol.dispose]();
    }
  }

  /** Puts everything back, the last step first; answers what could not be, because others got in between. */
  rollback(): unknown[] {
    const failures: unknown[] = [];
    for (const back of this.#backs.toReversed()) {
      try {
        back();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    this.#drop();
    return failures;
  }

  /** Lets go of what was replaced. */
  finish(): void {
    this.#drop();
  }

  #drop(): void {
    for (const name of this.#trash)
      fs.rm(this.#staging.folder.at(name), { recursive: true, force: true }, () => undefined);
  }

  /** Keeps the file or link that is about to be replaced. */
  #keep(parent: Folder, name: string): string {
    const kept = this.#staging.name();
    try {
      fs.linkSync(parent.at(name), this.#staging.folder.at(kept));
    } catch (thrown) {
      if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK"].includes(toErrno(thrown) ?? "")) throw thrown;
      fs.copyFileSync(parent.at(name), this.#staging.folder.at(kept));
    }
    this.#trash.push(kept);
    return kept;
  }

  #openMaking(path: string): Folder {
    const { folder, made } = makeFolder(this.#root, path);
    for (const name of made) {
      this.#touched.add(splitPath(name).folder);
      this.#backs.push(() => this.#unmake(name));
    }
    if (made.length > 0) this.#modePlain(made);
    return folder;
  }

  /** The umask of whoever started us must not decide how the home looks. */
  #modePlain(made: readonly string[]): void {
    for (const path of made) {
      using folder = openFolder(this.#root, path);
      fs.fchmodSync(folder.fd, PLAIN_FOLDER_MODE);
    }
  }

  #unmake(path: string): void {
    const { folder, name } = splitPath(path);
    using parent = openFolder(this.#root, folder);
    fs.rmdirSync(parent.at(name));
  }

  #remake(path: string, mode: number): void {
    using folder = makeFolder(this.#root, path).folder;
    fs.fchmodSync(folder.fd, mode);
  }

  #openIfThere(path: string): Folder[] {
    for (const candidate of [path, ...foldersAbove(path), ""]) {
      try {
        return [openFolder(this.#root, candidate)];
      } catch (thrown) {
        if (!isMissing(thrown)) throw thrown;
      }
    }
    return [];
  }
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof Error && "code" in thrown && ["not-found", "not-a-folder", "denied"].includes(String(thrown.code))
  );
}
