import fs from "node:fs";
import type { Folder } from "./folder.ts";
import { syncData, writeFully } from "./sync.ts";

const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants;
const NEWLINE = 10;

/** A file of lines that only grows. A torn last line is cut when it is opened; a failed append leaves no trace. */
export class LineFile implements Disposable {
  readonly fd: number;
  #size: number;

  /** Opens (or makes) the file under this name. */
  constructor(folder: Folder, name: string) {
    this.fd = fs.openSync(folder.at(name), O_RDWR | O_CREAT | O_NOFOLLOW, 0o644);
    this.#size = fs.fstatSync(this.fd).size;
  }

  /** Bytes of whole lines. */
  get size(): number {
    return this.#size;
  }

  /** Everything in the file. */
  readAll(): Buffer {
    return this.read(0, this.#size);
  }

  /** Some bytes. */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    const count = length === 0 ? 0 : fs.readSync(this.fd, bytes, 0, length, at);
    return bytes.subarray(0, count);
  }

  /** The whole lines, after a torn last one was cut. */
  readLines(): string[] {
    const bytes = this.readAll();
    const stop = bytes.lastIndexOf(NEWLINE) + 1;
    if (stop < this.#size) this.cut(stop);
    return stop === 0 ? [] : bytes.toString("utf8", 0, stop - 1).split("\n");
  }

  /** Adds text that ends with a newline. When the disk refuses, the file is as before. Throws errnos. */
  append(text: string): void {
    const bytes = Buffer.from(text);
    try {
      writeFully(this.fd, bytes, this.#size);
      this.#size += bytes.length;
    } catch (thrown) {
      this.cut(this.#size);
      throw thrown;
    }
  }

  /** Shortens the file. */
  cut(size: number): void {
    fs.ftruncateSync(this.fd, size);
    this.#size = size;
  }

  /** Waits until the bytes are on the disk. */
  sync(): Promise<void> {
    return syncData(this.fd);
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.fd);
  }
}
