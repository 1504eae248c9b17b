import fs from "node:fs";
import { unavailable } from "@matrix-os/contracts/errors";

/** Below this a disk counts as full: whoever writes there needs more than what is left of a last block. */
const MIN_BYTES = 32_768;

/** Throws `disk-full` when nothing more can be kept in a folder. A folder that is not there is on another machine's disk. */
export function assertRoom(folder: string): void {
  const left = readLeft(folder);
  if (left !== undefined && left < MIN_BYTES) throw unavailable("disk-full", "the disk of the system's state is full");
}

function readLeft(folder: string): number | undefined {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
