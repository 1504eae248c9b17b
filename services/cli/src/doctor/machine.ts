import { stat, statfs } from "node:fs/promises";
import type { CliConfig } from "../config.ts";
import { toSize } from "../terminal/lines.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

const OLDEST_NODE = 24;
const ENOUGH_BYTES = 1_000_000_000;
const LEAST_BYTES = 100_000_000;
const LEAST_FREE_NODES = 1_000;
const MODE_BITS = 0o777;
const BITS_OF_OTHERS = 0o077;

/** The version of Node that runs this program. */
export function judgeNode(version: string): Finding {
  const major = Number(version.replace(/^v/, "").split(".")[0]);
  if (major >= OLDEST_NODE) return ok("node", `Node ${version}.`);
  return fail(
    "node",
    `Node ${version} is too old.`,
    `Use the launcher ./matrixos, which brings its own Node ${OLDEST_NODE}: run \`make setup\`.`,
  );
}

/** The token: there, not empty, and readable by its owner only. */
export async function checkToken(config: Pick<CliConfig, "token" | "tokenFile">): Promise<Finding> {
  if (config.token !== undefined) return ok("token", "The token comes from MATRIX_TOKEN.");
  const file = await stat(config.tokenFile).catch(() => undefined);
  if (file === undefined) {
    return fail(
      "token",
      `There is no token at ${config.tokenFile}.`,
      "The first `make start` makes it. Does it run with another MATRIX_STATE?",
    );
  }
  if (file.size === 0)
    return fail("token", `${config.tokenFile} is empty.`, "Delete the file and start again: a new token is made.");
  return judgeTokenMode(config.tokenFile, file.mode);
}

/** The permissions of the token file. */
export function judgeTokenMode(path: string, mode: number): Finding {
  const bits = mode & MODE_BITS;
  if ((bits & BITS_OF_OTHERS) === 0) return ok("token", `${path} is readable by its owner only.`);
  return fail(
    "token",
    `${path} can be read by others (mode ${bits.toString(8).padStart(4, "0")}).`,
    `chmod 600 ${path}`,
  );
}

/** Room on the disk of a folder. A folder that is not there yet has nothing to tell. */
export async function checkDisk(check: string, folder: string): Promise<Finding[]> {
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined) return [];
  const freeNodes = disk.files === 0 ? undefined : disk.ffree;
  return [judgeDisk(check, { folder, freeBytes: disk.bavail * disk.bsize, freeNodes })];
}

/** Free bytes and free file entries (undefined: the file system does not count them). */
export function judgeDisk(
  check: string,
  disk: { folder: string; freeBytes: number; freeNodes: number | undefined },
): Finding {
  const room = `${toSize(disk.freeBytes)} free for ${disk.folder}.`;
  const remedy = "Free some space, or move the folder to a larger disk. While a disk is full nothing new is accepted.";
  if (disk.freeBytes < LEAST_BYTES) return fail(check, `Only ${room}`, remedy);
  if (disk.freeNodes !== undefined && disk.freeNodes < LEAST_FREE_NODES) {
    return fail(check, `The disk of ${disk.folder} has room for only ${disk.freeNodes} more files.`, remedy);
  }
  return disk.freeBytes < ENOUGH_BYTES ? warn(check, `Only ${room}`, remedy) : ok(check, room);
}
