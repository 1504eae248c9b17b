import type { Bus } from "@matrix-os/bus";
import type { AppInfo } from "@matrix-os/contracts/api/app";
import { appName } from "@matrix-os/contracts/app/manifest";
import { toOsError } from "@matrix-os/contracts/errors";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { MAX_READ_BYTES, readRequest } from "@matrix-os/contracts/file/read.request";
import { type ReadManifest, readManifest } from "../apps/read-manifest.ts";

/** Manifests read at a time. */
const PARALLEL_READS = 8;

/** Every app in `apps/`, sorted; a broken one with its problem. Folders whose name no app may have are left out. */
export async function readApps(bus: Bus): Promise<AppInfo[]> {
  const names = await listAppNames(bus);
  const apps: AppInfo[] = [];
  for (let first = 0; first < names.length; first += PARALLEL_READS) {
    const some = names.slice(first, first + PARALLEL_READS);
    apps.push(...(await Promise.all(some.map(async (app) => ({ app, ...(await readApp(bus, app)) })))));
  }
  return apps;
}

/** The manifest of one app; a folder without one has a problem. Errors: those of the bus. */
export async function readApp(bus: Bus, app: string): Promise<ReadManifest> {
  const file = await orNothing(
    bus.request(readRequest, { path: `apps/${app}/app.json`, encoding: "utf8", offset: 0, length: MAX_READ_BYTES }),
  );
  if (file?.truncated === true) return { ...readManifest(app, undefined), problem: "app.json is too long" };
  return readManifest(app, file?.content);
}

async function listAppNames(bus: Bus): Promise<string[]> {
  const folder = await orNothing(bus.request(listRequest, { path: "apps", depth: 1, limit: 1_000 }));
  const names = (folder?.entries ?? []).flatMap(({ path, type }) =>
    type === "folder" ? [path.slice("apps/".length)] : [],
  );
  return names.filter((name) => appName.safeParse(name).success).toSorted();
}

const absences = new Set(["not-found", "not-a-folder", "is-folder"]);

async function orNothing<Reply>(asked: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (absences.has(toOsError(thrown).code)) return undefined;
    throw thrown;
  }
}
