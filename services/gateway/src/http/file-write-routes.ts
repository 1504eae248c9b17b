import { randomUUID } from "node:crypto";
import {
  type FileChange,
  MAX_PUT_BYTES,
  deleteFileRoute,
  moveFileRoute,
  writeFileRoute,
} from "@matrix-os/contracts/api/files";
import { rejected, toOsError } from "@matrix-os/contracts/errors";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { readEntityTags, toEntityTag } from "./entity-tags.ts";
import { FILES_PREFIX } from "./files-prefix.ts";
import { toHomePath } from "./home-path-of.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";
import { HttpError } from "./to-http-problem.ts";

const origin = { actor: "owner" };

/** Serves changes of files. */
export function addFileWriteRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, deleteFileRoute, async ({ request }) => {
    const path = toHomePath(request.url, FILES_PREFIX);
    const ifMatch = await readPrecondition(request, deps, path);
    return await orPreconditionFailed(ifMatch, () =>
      deps.bus.request(deleteRequest, { path, ...toIfMatch(ifMatch), origin }),
    );
  });
  serveRoute(app, moveFileRoute, async ({ body }) => deps.bus.request(moveRequest, { ...body, origin }));
  void app.register(async (raw) => {
    // Here a body of any type is a stream of bytes, JSON too.
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    serveRoute(raw, writeFileRoute, async ({ request, reply }) => {
      const path = toHomePath(request.url, FILES_PREFIX);
      const change = await putFile(request, deps, path);
      reply.code(change.created ? 201 : 200);
      if (change.hash !== undefined) reply.header("etag", toEntityTag(change.hash));
      return change;
    });
  });
}

async function putFile(request: FastifyRequest, deps: HttpDeps, path: string): Promise<FileChange> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_PUT_BYTES) throw toTooLarge();
  const ifMatch = await readPrecondition(request, deps, path);
  return await orPreconditionFailed(ifMatch, () => transferIn(request, deps, { path, ifMatch }));
}

async function transferIn(
  request: FastifyRequest,
  deps: HttpDeps,
  to: { path: string; ifMatch: string | undefined },
): Promise<FileChange> {
  const transfer = `t_${randomUUID()}`;
  const stop = new AbortController();
  // The sender listens for credit before the file service is asked to give it.
  const sending = deps.bus.sendParts({ contract: contentStream, transfer, signal: stop.signal }, boundBytes(request));
  const failed = sending.then(
    () => undefined,
    (error: unknown) => toOsError(error),
  );
  try {
    return await deps.bus.request(receiveRequest, {
      path: to.path,
      transfer,
      maxBytes: MAX_PUT_BYTES,
      ...toIfMatch(to.ifMatch),
      origin,
    });
  } catch (thrown) {
    stop.abort();
    const own = await failed;
    // What made our side stop says more than the other side's «the sender went away».
    throw own?.code === "too-large" ? own : thrown;
  }
}

async function* boundBytes(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  const body = request.body as AsyncIterable<Uint8Array> | undefined;
  let sum = 0;
  for await (const chunk of body ?? []) {
    sum += chunk.length;
    if (sum > MAX_PUT_BYTES) throw toTooLarge();
    yield chunk;
  }
}

function toTooLarge(): Error {
  return rejected("too-large", `a file may have ${MAX_PUT_BYTES} bytes`, { field: "body" });
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
