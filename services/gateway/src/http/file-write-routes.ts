import {
  type FileChange,
  MAX_PUT_BYTES,
  deleteFileRoute,
  moveFileRoute,
  writeFileRoute,
} from "@matrix-os/contracts/api/files";
import { rejected, toOsError } from "@matrix-os/contracts/errors";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { readEntityTags, toEntityTag } from "./entity-tags.ts";
import { FILES_PREFIX } from "./files-prefix.ts";
import { toHomePath } from "./home-path-of.ts";
import type { HttpDeps } from "./http-deps.ts";
import { needPath } from "./need-path.ts";
import { originOf } from "./origin-of.ts";
import { addRawBodies, receiveFile } from "./receive-file.ts";
import { serveRoute } from "./serve-route.ts";
import { HttpError } from "./to-http-problem.ts";

/** Serves changes of files. */
export function addFileWriteRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, deleteFileRoute, async ({ request }) => {
    const path = toHomePath(request.url, FILES_PREFIX);
    needPath(request, path, "change");
    const ifMatch = await readPrecondition(request, deps, path);
    return await orPreconditionFailed(ifMatch, () =>
      deps.bus.request(deleteRequest, { path, ...toIfMatch(ifMatch), origin: originOf(request) }),
    );
  });
  serveRoute(app, moveFileRoute, async ({ body, request }) => {
    needPath(request, body.from, "change");
    needPath(request, body.to, "change");
    return await deps.bus.request(moveRequest, { ...body, origin: originOf(request) });
  });
  addRawBodies(app, (raw) =>
    serveRoute(raw, writeFileRoute, async ({ request, reply }) => {
      const path = toHomePath(request.url, FILES_PREFIX);
      needPath(request, path, "change");
      const change = await putFile(request, deps, path);
      reply.code(change.created ? 201 : 200);
      if (change.hash !== undefined) reply.header("etag", toEntityTag(change.hash));
      return change;
    }),
  );
}

async function putFile(request: FastifyRequest, deps: HttpDeps, path: string): Promise<FileChange> {
  const ifMatch = await readPrecondition(request, deps, path);
  return await orPreconditionFailed(ifMatch, () =>
    receiveFile(request, deps, { path, ifMatch, maxBytes: MAX_PUT_BYTES, origin: originOf(request) }),
  );
}

/** The hash the file must have, `absent`, or nothing. Errors: 412. */
async function readPrecondition(request: FastifyRequest, deps: HttpDeps, path: string): Promise<string | undefined> {
  if (readEntityTags(request.headers["if-none-match"], "weak") === "any") return "absent";
  const tags = readEntityTags(request.headers["if-match"], "strong");
  if (tags === undefined) return undefined;
  if (tags !== "any" && tags.length === 1 && /^[0-9a-f]{64}$/.test(tags[0] ?? "")) return tags[0];
  const hash = await readHash(deps, path);
  if (hash === undefined || (tags !== "any" && !tags.includes(hash))) throw toPreconditionFailed();
  return hash;
}

async function readHash(deps: HttpDeps, path: string): Promise<string | undefined> {
  try {
    return (await deps.bus.request(sendRequest, { path, offset: 0 })).hash;
  } catch (thrown) {
    const error = toOsError(thrown);
    if (error.code === "not-found" || error.code === "is-folder") return undefined;
    throw thrown;
  }
}

function toIfMatch(ifMatch: string | undefined): { ifMatch?: string } {
  return ifMatch === undefined ? {} : { ifMatch };
}

async function orPreconditionFailed<Reply>(ifMatch: string | undefined, change: () => Promise<Reply>): Promise<Reply> {
  try {
    return await change();
  } catch (thrown) {
    const error = toOsError(thrown);
    if (ifMatch !== undefined && (error.code === "conflict" || error.code === "already-exists"))
      throw toPreconditionFailed(error);
    throw thrown;
  }
}

function toPreconditionFailed(cause?: unknown): Error {
  return new HttpError(
    412,
    rejected("conflict", "the file is not what the condition names; read it again", { field: "If-Match", cause }),
  );
}
