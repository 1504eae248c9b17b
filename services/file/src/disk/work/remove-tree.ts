import fs from "node:fs";
import { toErrno } from "../disk-error.ts";
import type { Folder } from "../folder.ts";
import type { Pace } from "./pace.ts";

/**
 * Removes a name with all that is below it, also while somebody swaps folders with links in there: nothing outside is touched.
 * Silent when it is gone. Throws errnos.
 */
export async function removeTree(parent: Folder, name: Buffer, pace: Pace): Promise<void> {
  await pace();
  if (unlinkNow(parent, name)) return;
  const opened = openNow(parent, name);
  if (opened === undefined) return;
  {
    using folder = opened;
    for (const below of fs.readdirSync(folder.at("."), { encoding: "buffer" })) await removeTree(folder, below, pace);
  }
  fs.rmdirSync(parent.atBytes(name));
}

/** Whether nothing stands there any more: it was no folder. */
function unlinkNow(parent: Folder, name: Buffer): boolean {
  try {
    fs.unlinkSync(parent.atBytes(name));
    return true;
  } catch (thrown) {
    const errno = toErrno(thrown);
    if (errno === "ENOENT") return true;
    if (errno === "EISDIR" || errno === "EPERM") return false;
    throw thrown;
  }
}

function openNow(parent: Folder, name: Buffer): Folder | undefined {
  try {
    return parent.child(name);
  } catch (thrown) {
    if (toErrno(thrown) === "ENOENT") return undefined;
    if (toErrno(thrown) !== "EACCES") throw thrown;
    unlock(parent, name);
    return parent.child(name);
  }
}

/** Lets us into a folder that a command closed, without following a link that may stand there by now. */
function unlock(parent: Folder, name: Buffer): void {
  const pathOnly = 0o10000000;
  const { O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  const fd = fs.openSync(parent.atBytes(name), pathOnly | O_DIRECTORY | O_NOFOLLOW);
  try {
    fs.chmodSync(`/proc/self/fd/${fd}`, 0o700);
  } finally {
    fs.closeSync(fd);
  }
}
