import { randomBytes } from "node:crypto";
import fs from "node:fs";
import type { Folder } from "./folder.ts";
import { syncAll, writeFully } from "./sync.ts";

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;

/** Where files are written before they appear: `.matrix/tmp`, on the same disk as the home and emptied at every start. */
export class Staging implements Disposable {
  readonly folder: Folder;
  readonly #sync: (fd: number) => Promise<void>;

  constructor(folder: Folder, sync: (fd: number) => Promise<void> = syncAll) {
    this.folder = folder;
    this.#sync = sync;
  }

  /** A name that nothing has. */
  name(): string {
    return randomBytes(9).toString("base64url");
  }

  /** A new file with these bytes, on the disk when it resolves. Nothing is left behind when it fails. */
  async stage(bytes: Uint8Array, mode = 0o644): Promise<string> {
    const name = this.name();
    try {
      const fd = this.create(name, mode);
      try {
        writeFully(fd, bytes, 0);
        await this.#sync(fd);
      } finally {
        fs.closeSync(fd);
      }
      return name;
    } catch (thrown) {
      this.drop(name);
      throw thrown;
    }
  }

  /** A new file with these bytes that a crash of the machine may lose, for what other files can replace. */
  stageFast(bytes: Uint8Array, mode = 0o644): string {
    const name = this.name();
    try {
      const fd = this.create(name, mode);
      try {
        writeFully(fd, bytes, 0);
      } finally {
        fs.closeSync(fd);
      }
      return name;
    } catch (thrown) {
      this.drop(name);
      throw thrown;
    }
  }

  /** Opens a new file for writing; the mode is exact, whatever the umask. */
  create(name: string, mode: number): number {
    const fd = fs.openSync(this.folder.at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    if (mode !== 0o600) fs.fchmodSync(fd, mode);
    return fd;
  }

  /** Waits for a staged file's bytes. */
  sync(fd: number): Promise<void> {
    return this.#sync(fd);
  }

  /** Waits for the bytes of a staged file that is closed. */
  async syncNamed(name: string): Promise<void> {
    const fd = fs.openSync(this.folder.at(name), fs.constants.O_RDONLY | O_NOFOLLOW);
    try {
      await this.#sync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }

  /** Removes a staged thing, a folder with all it holds; silent when it is gone. */
  drop(name: string): void {
    fs.rmSync(this.folder.at(name), { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}
