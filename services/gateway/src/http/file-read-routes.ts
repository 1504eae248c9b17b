import { readFileRoute } from "@matrix-os/contracts/api/files";
import { toOsError } from "@matrix-os/contracts/errors";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import type { FastifyInstance, FastifyReply } from "fastify";
import { toContentHeaders } from "./content-headers.ts";
import { mayUsePath } from "../auth/may.ts";
import { FILES_PREFIX } from "./files-prefix.ts";
import { toHomeFolder } from "./home-path-of.ts";
import type { HttpDeps } from "./http-deps.ts";
import { needPath } from "./need-path.ts";
import { type Exchange, describeFile, sendFile } from "./send-file.ts";
import { serveRaw } from "./serve-route.ts";

/** Serves `GET` and `HEAD` of files and lists of folders. */
export function addFileReadRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const route = { ...readFileRoute, produces: "application/octet-stream" };
  serveRaw(app, route, async ({ query, request, reply }) => {
    const path = toHomeFolder(request.url, FILES_PREFIX);
    needPath(request, path, "look");
    if (path === "" || query.list === "1")
      return await sendList({ request, reply }, deps, { path, depth: query.depth });
    return await sendFileOrList({ request, reply }, deps, { path, depth: query.depth });
  });
  serveRaw(app, { ...route, method: "HEAD" }, async ({ request, reply }) => {
    const path = toHomeFolder(request.url, FILES_PREFIX);
    needPath(request, path, "look");
    return await describeFile(reply, deps, { path, headers: toContentHeaders(path) });
  });
}

async function sendList(
  { request: { caller }, reply }: Exchange,
  deps: HttpDeps,
  folder: { path: string; depth: number },
): Promise<FastifyReply> {
  const { entries, truncated } = await deps.bus.request(listRequest, { ...folder, limit: 1_000 });
  const shown = entries.filter(({ path }) => caller !== undefined && mayUsePath(caller, path, "look"));
  return reply.type("application/json").serializer(JSON.stringify).send({ entries: shown, truncated });
}

async function sendFileOrList(
  exchange: Exchange,
  deps: HttpDeps,
  at: { path: string; depth: number },
): Promise<FastifyReply> {
  try {
    return await sendFile(exchange, deps, { path: at.path, headers: toContentHeaders(at.path) });
  } catch (thrown) {
    if (toOsError(thrown).code === "is-folder") return await sendList(exchange, deps, at);
    throw thrown;
  }
}
