import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isOfDeadProcess } from "./leftover.ts";
import { toSeccompProgram } from "../seccomp/filter.ts";
import type { Architecture } from "../seccomp/syscalls.ts";

/** A folder of files that every sandbox shows, and of points to mount on. Readable by the sandbox's user. */
export interface Place extends Disposable {
  readonly path: string;
  readonly etc: string;
  readonly seccomp: string;
}

/** The user inside the sandbox, as its own /etc/passwd names it. */
export const insideUser = 1_000;

const etcFiles = {
  passwd: `matrix:x:${insideUser}:${insideUser}:Matrix OS:/work:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n`,
  group: `matrix:x:${insideUser}:\nnogroup:x:65534:\n`,
  hosts: "127.0.0.1 localhost matrix\n::1 localhost\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
};

const PREFIX = "matrix-sandbox-";

/** Makes the place; gone when disposed. Those of processes that were killed go now. */
export function openPlace(architecture: Architecture): Place {
  removeLeftovers();
  const folder = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o755);
  const etc = path.join(folder, "etc");
  mkdirSync(etc, { mode: 0o755 });
  mkdirSync(path.join(folder, "work"), { mode: 0o755 });
  for (const [name, text] of Object.entries(etcFiles)) writeReadable(path.join(etc, name), text);
  for (const name of ["node", "forwarder", "socket"]) writeReadable(path.join(folder, name), "");
  const seccomp = path.join(folder, "seccomp.bpf");
  writeReadable(seccomp, toSeccompProgram(architecture));
  return { path: folder, etc, seccomp, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Another start may be removing the same ones, and what can't be removed now may go later: neither is a reason not to start. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => isOfDeadProcess(name, PREFIX))) {
    try {
      rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Empty folders and a few small files; the next start tries again.
    }
  }
}

/** Whatever the process's umask is. */
function writeReadable(file: string, content: string | Buffer): void {
  writeFileSync(file, content);
  chmodSync(file, 0o644);
}
