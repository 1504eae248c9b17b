import {
  MAX_APP_FILE_BYTES,
  deleteAppFileRoute,
  readAppFileRoute,
  writeAppFileRoute,
} from "@matrix-os/contracts/api/app";
import { rejected, toOsError } from "@matrix-os/contracts/errors";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import type { FastifyInstance, FastifyReply } from "fastify";
import { readAppName } from "./app-name-of.ts";
import { toContentHeaders } from "./content-headers.ts";
import { toEntityTag } from "./entity-tags.ts";
import { toHomeFolder, toHomePath } from "./home-path-of.ts";
import type { HttpDeps } from "./http-deps.ts";
import { addRawBodies, receiveFile } from "./receive-file.ts";
import { describeFile, sendFile } from "./send-file.ts";
import { type Call, serveRaw, serveRoute } from "./serve-route.ts";

/** The database of an app and what SQLite puts beside it. */
const reserved = /^app\.sqlite/i;
const prefixOfFiles = /^\/api\/v1\/apps\/[^/?]+\/files\//;

/** Serves the files of an app's data folder, `data/<app>/`, and nothing beside it. */
export function addAppFileRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const route = { ...readAppFileRoute, produces: "application/octet-stream" };
  serveRaw(app, route, async (call) => {
    const { folder, path } = readPlace(call, "folder");
    if (path === "" || call.query.list === "1") return await sendList(call.reply, deps, { folder, path });
    const full = join(folder, path);
    return await sendFile(call, deps, { path: full, headers: toContentHeaders(full) });
  });
  serveRaw(app, { ...route, method: "HEAD" }, async (call) => {
    const { folder, path } = readPlace(call, "file");
    const full = join(folder, path);
    return await describeFile(call.reply, deps, { path: full, headers: toContentHeaders(full) });
  });
  serveRoute(app, deleteAppFileRoute, async (call) => {
    const { folder, path, actor } = readPlace(call, "file");
    return toOwn(folder, await deps.bus.request(deleteRequest, { path: join(folder, path), origin: { actor } }));
  });
  addRawBodies(app, (raw) =>
    serveRoute(raw, writeAppFileRoute, async (call) => {
      const { folder, path, actor } = readPlace(call, "file");
      const to = { path: join(folder, path), maxBytes: MAX_APP_FILE_BYTES, origin: { actor } };
      const change = toOwn(folder, await receiveFile(call.request, deps, to));
      call.reply.code(change.created ? 201 : 200);
      if (change.hash !== undefined) call.reply.header("etag", toEntityTag(change.hash));
      return change;
    }),
  );
}

interface Place {
  readonly folder: string;
  /** Inside the folder. */
  readonly path: string;
  readonly actor: string;
}

function readPlace(
  { params, request }: Pick<Call<unknown, unknown>, "params" | "request">,
  kind: "file" | "folder",
): Place {
  const app = readAppName(params);
  const prefix = prefixOfFiles.exec(request.url)?.[0] ?? "";
  const path = kind === "folder" ? toHomeFolder(request.url, prefix) : toHomePath(request.url, prefix);
  if (reserved.test(path))
    throw rejected("denied", "the database's own files are reached with SQL only", { field: "path" });
  return { folder: `data/${app}`, path, actor: `app:${app}` };
}

async function sendList(
  reply: FastifyReply,
  deps: HttpDeps,
  { folder, path }: { folder: string; path: string },
): Promise<FastifyReply> {
  const { entries, truncated } = await readList(deps, join(folder, path), path === "");
  const own = entries.map((entry) => toOwn(folder, entry)).filter((entry) => !reserved.test(entry.path));
  return reply.type("application/json").serializer(JSON.stringify).send({ entries: own, truncated });
}

async function readList(deps: HttpDeps, path: string, mayBeMissing: boolean) {
  try {
    return await deps.bus.request(listRequest, { path, depth: 1, limit: 1_000 });
  } catch (thrown) {
    if (!mayBeMissing || toOsError(thrown).code !== "not-found") throw thrown;
    return { entries: [], truncated: false };
  }
}

/** The app sees its folder as the root. */
function toOwn<Named extends { readonly path: string }>(folder: string, named: Named): Named {
  return { ...named, path: named.path.slice(folder.length + 1) };
}

function join(folder: string, path: string): string {
  return path === "" ? folder : `${folder}/${path}`;
}
