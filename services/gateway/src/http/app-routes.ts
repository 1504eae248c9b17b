import type { AppManifest } from "@matrix-os/contracts/app/manifest";
import type { z } from "zod";
import {
  type appStorageReply,
  type appStorageRequest,
  listAppsRoute,
  openAppRoute,
  queryAppRoute,
  useAppStorageRoute,
} from "@matrix-os/contracts/api/app";
import { MAX_VALUE_LENGTH } from "@matrix-os/contracts/app/bridge";
import { rejected, toOsError, unavailable } from "@matrix-os/contracts/errors";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { queryAppDataRequest } from "@matrix-os/contracts/file/query-app-data.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import { useAppStorageRequest } from "@matrix-os/contracts/file/use-app-storage.request";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { readApp, readApps } from "../nats/app-source.ts";
import type { AppGrant } from "../apps/app-token.ts";
import type { Caller } from "../auth/caller.ts";
import { readAppName } from "./app-name-of.ts";
import { readAppTokens } from "./read-app-tokens.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";

/** Serves the list of apps, their opening and their data, files aside. */
export function addAppRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, listAppsRoute, async () => ({ apps: await readApps(deps.bus) }));
  serveRoute(app, openAppRoute, async ({ params, request }) => openApp(request, deps, readAppName(params)));
  serveRoute(app, useAppStorageRoute, async ({ params, body }) => useStorage(deps, readAppName(params), body));
  serveRoute(app, queryAppRoute, async ({ params, body }) =>
    deps.bus.request(queryAppDataRequest, { app: readAppName(params), statement: body.statement }),
  );
}

async function openApp(
  request: FastifyRequest,
  deps: HttpDeps,
  app: string,
): Promise<{ url: string; manifest: AppManifest }> {
  const { manifest, problem } = await readApp(deps.bus, app);
  if (problem !== undefined) {
    await deps.bus.request(listRequest, { path: `apps/${app}`, depth: 1, limit: 1 });
    throw rejected("invalid", problem, { field: "app.json" });
  }
  await needEntry(deps, app, manifest.entry);
  const addresses = await readAppTokens(deps);
  if (addresses === undefined) throw unavailable("busy", "there is no owner's token at the moment");
  const token = addresses.seal({ app, ...toOpener(request.caller) }, Date.now());
  const entry = manifest.entry.split("/").map(encodeURIComponent).join("/");
  return { url: `${deps.address.appsUrl}/a/${token}/${entry}`, manifest };
}

/** What ends the address when it ends itself. */
function toOpener(caller: Caller | undefined): Omit<AppGrant, "app"> {
  if (caller?.kind === "device") return { device: caller.id };
  return caller?.kind === "token" ? { token: { id: caller.id, digest: caller.digest } } : {};
}

async function needEntry(deps: HttpDeps, app: string, entry: string): Promise<void> {
  try {
    await deps.bus.request(sendRequest, { path: `apps/${app}/${entry}`, offset: 0 });
  } catch (thrown) {
    const { code } = toOsError(thrown);
    if (code !== "not-found" && code !== "is-folder") throw thrown;
    throw rejected("invalid", `app.json: entry: there is no file ${entry}`, { field: "app.json", cause: thrown });
  }
}

async function useStorage(
  deps: HttpDeps,
  app: string,
  asked: z.infer<typeof appStorageRequest>,
): Promise<z.infer<typeof appStorageReply>> {
  const { json, keys } = await deps.bus.request(useAppStorageRequest, { app, operation: toOperation(asked) });
  if (asked.do === "get") return { value: json === undefined ? null : (JSON.parse(json) as unknown) };
  return keys === undefined ? {} : { keys };
}

type StorageOperation = z.infer<typeof useAppStorageRequest.request>["operation"];

function toOperation(asked: z.infer<typeof appStorageRequest>): StorageOperation {
  if (asked.do !== "set") return asked;
  if (asked.value === undefined) throw rejected("invalid", "value: is missing", { field: "value" });
  const json = JSON.stringify(asked.value);
  if (json.length <= MAX_VALUE_LENGTH) return { do: "set", key: asked.key, json };
  throw rejected("too-large", `a value may have ${MAX_VALUE_LENGTH} characters as JSON`, { field: "value" });
}
