import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from "node:fs";

/** A log that never takes more than `MAX_BYTES` × (1 + `KEPT`) of disk. */
export interface LogFile extends Disposable {
  write(chunk: Buffer): void;
}

const MAX_BYTES = 10_485_760;
const KEPT = 4;

/** Opens `<path>` for appending; when it is full it becomes `<path>.1`, and so on. A full disk loses log lines, nothing else. */
export function openLogFile(path: string): LogFile {
  let file = openSync(path, "a", 0o600);
  let size = statSync(path).size;
  return {
    write: (chunk) => {
      try {
        if (size > MAX_BYTES) {
          closeSync(file);
          rotate(path);
          file = openSync(path, "a", 0o600);
          size = 0;
        }
        size += writeSync(file, chunk);
      } catch {
        // Logging must not bring the system down.
      }
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

function rotate(path: string): void {
  for (let n = KEPT; n >= 1; n -= 1) {
    const from = n === 1 ? path : `${path}.${n - 1}`;
    if (existsSync(from)) renameSync(from, `${path}.${n}`);
  }
}
