import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { rootFolder } from "../root-folder.ts";
import { oldestVersion, testedLine } from "./pins.ts";
import { byNewest, isAtLeast } from "./version.ts";
import { inspectServer, type NatsServer, type Way } from "./way.ts";

const binaryName = "nats-server";
const hashName = "nats-server.sha256";

/** A server that an earlier run has kept: the tested release line first, then the newest. Its hash is checked again. */
export const fromCache: Way = {
  name: "cache",
  find: async () => {
    const folder = await openCacheFolder();
    const versions = await findVersions(folder);
    const best = versions[0];
    if (best === undefined) throw new Error(`nothing usable in ${folder}`);
    return await readCached(join(folder, best));
  },
};

/** Moves a server fetched into `workFolder` (a folder inside the cache) to its place there, with its hash. */
export async function keepInCache(server: NatsServer, workFolder: string): Promise<NatsServer> {
  const target = join(workFolder, "..", server.version);
  const recorded = join(workFolder, hashName);
  await mkdir(target, { recursive: true });
  await chmod(server.path, 0o755);
  await writeFile(recorded, await hashFile(server.path));
  await rename(server.path, join(target, binaryName));
  await rename(recorded, join(target, hashName));
  return await readCached(target);
}

/** The user's cache folder for servers, created; inside the tree when the user has no writable cache. */
export async function openCacheFolder(): Promise<string> {
  const userCache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(userCache, "matrix-os", "nats-server");
  try {
    await mkdir(folder, { recursive: true });
    return folder;
  } catch {
    const inTree = join(rootFolder, ".tools/cache/nats-server");
    await mkdir(inTree, { recursive: true });
    return inTree;
  }
}

async function findVersions(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const usable = names.filter((name) => /^\d/.test(name) && isAtLeast(name, oldestVersion));
  return usable.toSorted((left, right) => Number(isTested(right)) - Number(isTested(left)) || byNewest(left, right));
}

function isTested(version: string): boolean {
  return version.startsWith(`${testedLine}.`);
}

async function readCached(folder: string): Promise<NatsServer> {
  const path = join(folder, binaryName);
  const recorded = await readFile(join(folder, hashName), "utf8");
  if (recorded.trim() !== (await hashFile(path)))
    throw new Error(`${path} is not the file that was kept: remove ${folder}`);
  return await inspectServer(path);
}

async function hashFile(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
