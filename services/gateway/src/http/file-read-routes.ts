import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { readFileRoute } from "@matrix-os/contracts/api/files";
import { rejected, toOsError, unavailable } from "@matrix-os/contracts/errors";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type ByteRange, readByteRange } from "./byte-range.ts";
import { toContentHeaders } from "./content-headers.ts";
import { readEntityTags, toEntityTag } from "./entity-tags.ts";
import { FILES_PREFIX } from "./files-prefix.ts";
import { toHomeFolder } from "./home-path-of.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveRaw } from "./serve-route.ts";
import { HttpError } from "./to-http-problem.ts";

/** A file that changes between two looks at it is looked at again, at most this often. */
const MAX_LOOKS = 4;
const READ_AHEAD_BYTES = 262_144;

/** Serves `GET` and `HEAD` of files and lists of folders. */
export function addFileReadRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const route = { ...readFileRoute, produces: "application/octet-stream" };
  serveRaw(app, route, async ({ query, request, reply }) => {
    const path = toHomeFolder(request.url, FILES_PREFIX);
    if (path === "" || query.list === "1") return await sendList(reply, deps, { path, depth: query.depth });
    return await sendFileOrList({ request, reply }, deps, { path, depth: query.depth });
  });
  serveRaw(app, { ...route, method: "HEAD" }, async ({ request, reply }) => {
    const path = toHomeFolder(request.url, FILES_PREFIX);
    const file = await deps.bus.request(sendRequest, { path, offset: 0 });
    return setFileHeaders(reply, path, file).header("content-length", String(file.sizeBytes)).send();
  });
}

async function sendList(
  reply: FastifyReply,
  deps: HttpDeps,
  folder: { path: string; depth: number },
): Promise<FastifyReply> {
  const list = await deps.bus.request(listRequest, { ...folder, limit: 1_000 });
  return reply.type("application/json").serializer(JSON.stringify).send(list);
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function sendFileOrList(
  exchange: Exchange,
  deps: HttpDeps,
  at: { path: string; depth: number },
): Promise<FastifyReply> {
  try {
    return await sendFile(exchange, deps, at.path);
  } catch (thrown) {
    if (toOsError(thrown).code === "is-folder") return await sendList(exchange.reply, deps, at);
    throw thrown;
  }
}

interface Description {
  readonly hash: string;
  readonly sizeBytes: number;
  readonly modifiedAt: string;
}

async function sendFile(exchange: Exchange, deps: HttpDeps, path: string): Promise<FastifyReply> {
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    const file = await deps.bus.request(sendRequest, { path, offset: 0 });
    const known = readEntityTags(exchange.request.headers["if-none-match"], "weak");
    if (known === "any" || known?.includes(file.hash))
      return setFileHeaders(exchange.reply, path, file).code(304).send();
    const range = readRange(exchange.request, file);
    if (range === "unsatisfiable") return sendUnsatisfiable(exchange.reply, file);
    const bytes = await openBytes(deps, { path, file, range });
    if (bytes !== "changed") return sendBytes(exchange.reply, { path, file, range, bytes });
  }
  throw unavailable("busy", "the file changes all the time");
}

function readRange(request: FastifyRequest, file: Description): ByteRange | undefined {
  const condition = request.headers["if-range"];
  // A range of an older version would be mixed with one of this version.
  if (condition !== undefined && condition !== toEntityTag(file.hash)) return undefined;
  return readByteRange(request.headers.range, file.sizeBytes);
}

type Part = Exclude<ByteRange, "unsatisfiable"> | undefined;

/** The bytes of exactly the described version. */
async function openBytes(
  deps: HttpDeps,
  of: { path: string; file: Description; range: Part },
): Promise<Readable | "changed"> {
  const transfer = `t_${randomUUID()}`;
  const parts = deps.bus.receiveParts({ contract: contentStream, transfer });
  try {
    const offset = of.range?.offset ?? 0;
    const length = of.range === undefined ? {} : { lengthBytes: of.range.length };
    const sent = await deps.bus.request(sendRequest, { path: of.path, transfer, offset, ...length });
    if (sent.hash === of.file.hash) return Readable.from(parts, { objectMode: false, highWaterMark: READ_AHEAD_BYTES });
    await parts.return?.();
    return "changed";
  } catch (error) {
    await parts.return?.();
    throw error;
  }
}

function sendBytes(
  reply: FastifyReply,
  of: { path: string; file: Description; range: Part; bytes: Readable },
): FastifyReply {
  setFileHeaders(reply, of.path, of.file).header("content-length", String(of.range?.length ?? of.file.sizeBytes));
  if (of.range === undefined) return reply.send(of.bytes);
  const { offset, length } = of.range;
  return reply
    .code(206)
    .header("content-range", `bytes ${offset}-${offset + length - 1}/${of.file.sizeBytes}`)
    .send(of.bytes);
}

function sendUnsatisfiable(reply: FastifyReply, file: Description): FastifyReply {
  reply.header("content-range", `bytes */${file.sizeBytes}`);
  throw new HttpError(416, rejected("invalid", "Range: begins behind the end of the file", { field: "Range" }));
}

function setFileHeaders(reply: FastifyReply, path: string, file: Description): FastifyReply {
  return reply.headers({
    ...toContentHeaders(path),
    etag: toEntityTag(file.hash),
    "last-modified": new Date(file.modifiedAt).toUTCString(),
    "accept-ranges": "bytes",
    "cache-control": "private, no-cache",
  });
}
