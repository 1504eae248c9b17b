import { appendFile, chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { fromCache, keepInCache, openCacheFolder } from "./cache.ts";

let userCache = "";

beforeEach(async () => {
  userCache = await mkdtemp(join(tmpdir(), "cache-"));
  vi.stubEnv("XDG_CACHE_HOME", userCache);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(userCache, { recursive: true });
});

async function keep(version: string): Promise<string> {
  const workFolder = await mkdtemp(join(await openCacheFolder(), ".work-"));
  const path = join(workFolder, "fetched");
  await writeFile(path, `#!/bin/sh\necho nats-server: v${version}\n`);
  await chmod(path, 0o755);
  const kept = await keepInCache({ path, version }, workFolder);
  await rm(workFolder, { recursive: true });
  return kept.path;
}

test("the tested release line is preferred, then the newest", async () => {
  for (const version of ["2.12.9", "2.13.4"]) await keep(version);
  expect((await fromCache.find("")).version).toBe("2.13.4");
  for (const version of ["2.15.0", "2.16.0"]) await keep(version);
  expect((await fromCache.find("")).version).toBe("2.15.0");
});

test("a kept server that was changed since is refused", async () => {
  const path = await keep("2.15.1");
  await appendFile(path, "# changed\n");
  await expect(fromCache.find("")).rejects.toThrow("is not the file that was kept");
});

test("an empty cache, or one with only old servers, has nothing", async () => {
  await expect(fromCache.find("")).rejects.toThrow("nothing usable");
  await expect(keep("2.9.10")).rejects.toThrow("older than");
  expect(await readdir(await openCacheFolder())).toContain("2.9.10");
  await expect(fromCache.find("")).rejects.toThrow("nothing usable");
});
