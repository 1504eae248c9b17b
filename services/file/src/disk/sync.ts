import fs from "node:fs";
import { promisify } from "node:util";

/** Waits until a descriptor's bytes, length and (for folders) names are on the disk. */
export const syncAll: (fd: number) => Promise<void> = promisify(fs.fsync);

/** Waits until a file's bytes and length are on the disk. */
export const syncData: (fd: number) => Promise<void> = promisify(fs.fdatasync);

/** Writes all bytes at a place in the file; a short write goes on. Throws errnos. */
export function writeFully(fd: number, bytes: Uint8Array, at: number): void {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(fd, bytes, written, bytes.length - written, at + written);
}

/** Lets callers that come while a file is being synced share the next sync: one flush for many. */
export class SyncGate {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves after a sync that began after this call. */
  pass(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const running = this.#sync().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
