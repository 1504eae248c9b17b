import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "@matrix-os/testkit/temp-folder";

/** A disk of 1 MiB that can be filled to its last byte. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  readonly fill: () => void;
  readonly free: () => void;
}

/** Mounts one; `undefined` where this process may not mount. */
export function mountSmallDisk(): SmallDisk | undefined {
  const folder = tempFolder("disk");
  const path = join(folder.path, "disk");
  mkdirSync(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path], { stdio: "ignore" });
  } catch {
    folder[Symbol.dispose]();
    return undefined;
  }
  const filler = join(path, "filler");
  return {
    path,
    fill: () => fillFile(filler),
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]: () => {
      execFileSync("umount", ["--lazy", path]);
      folder[Symbol.dispose]();
    },
  };
}

function fillFile(path: string): void {
  const file = openSync(path, "a");
  try {
    for (let size = 65_536; size >= 1;) {
      try {
        writeSync(file, Buffer.alloc(size, 120));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(file);
  }
}
