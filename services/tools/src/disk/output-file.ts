import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/** What a command said, on disk up to a bound. Gone when disposed. */
export interface OutputFile extends Disposable {
  /** Bytes kept so far. */
  readonly size: () => number;
  /** False: the bound is reached, or the disk is full, and nothing more is kept. */
  readonly append: (chunk: Buffer) => boolean;
  readonly read: (offset: number, length: number) => Buffer;
}

/** Makes the folder of all outputs anew: no command survives the service, so none of its output is asked for. */
export function emptyOutputFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Opens an empty output. Throws when the disk refuses. */
export function openOutputFile(folder: string, name: string, maxBytes: number): OutputFile {
  const file = path.join(folder, `${name}.out`);
  const descriptor = openSync(file, "w+", 0o600);
  let size = 0;
  return {
    size: () => size,
    append: (chunk) => {
      const fitting = chunk.subarray(0, maxBytes - size);
      try {
        size += writeSync(descriptor, fitting, 0, fitting.length, size);
      } catch {
        return false;
      }
      return fitting.length === chunk.length;
    },
    read: (offset, length) => {
      const part = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      return part.subarray(0, readSync(descriptor, part, 0, part.length, offset));
    },
    [Symbol.dispose]: () => {
      closeSync(descriptor);
      rmSync(file, { force: true });
    },
  };
}
