import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ByteRange, readByteRange } from "./byte-range.ts";
import { readEntityTags, toEntityTag } from "./entity-tags.ts";
import type { HttpDeps } from "./http-deps.ts";
import { HttpError } from "./to-http-problem.ts";

/** A file that changes between two looks at it is looked at again, at most this often. */
const MAX_LOOKS = 4;
const READ_AHEAD_BYTES = 262_144;

/** A request and its answer. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A file of the home and the headers it is sent with. */
export interface SentFile {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers with a file's bytes, a range of them, or 304. Errors: `not-found`, `is-folder`, 416. */
export async function sendFile(exchange: Exchange, deps: HttpDeps, sent: SentFile): Promise<FastifyReply> {
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    const file = await deps.bus.request(sendRequest, { path: sent.path, offset: 0 });
    const known = readEntityTags(exchange.request.headers["if-none-match"], "weak");
    if (known === "any" || known?.includes(file.hash))
      return setFileHeaders(exchange.reply, sent, file).code(304).send();
    const range = readRange(exchange.request, file);
    if (range === "unsatisfiable") return sendUnsatisfiable(exchange.reply, file);
    const bytes = await openBytes(deps, { path: sent.path, file, range });
    if (bytes !== "changed") return sendBytes(exchange.reply, { sent, file, range, bytes });
  }
  throw toRestless();
}

/** Answers a `HEAD`. Errors: `not-found`, `is-folder`. */
export async function describeFile(reply: FastifyReply, deps: HttpDeps, sent: SentFile): Promise<FastifyReply> {
  const file = await deps.bus.request(sendRequest, { path: sent.path, offset: 0 });
  return setFileHeaders(reply, sent, file).header("content-length", String(file.sizeBytes)).send();
}

/** A whole file of bounded size. Errors: `not-found`, `is-folder`, `too-large`. */
export async function readWhole(deps: HttpDeps, of: { path: string; maxBytes: number }): Promise<Buffer> {
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    const file = await deps.bus.request(sendRequest, { path: of.path, offset: 0 });
    if (file.sizeBytes > of.maxBytes) throw rejected("too-large", `${of.path} may have ${of.maxBytes} bytes`);
    const bytes = await openBytes(deps, { path: of.path, file, range: undefined });
    if (bytes !== "changed") return Buffer.concat(await bytes.toArray());
  }
  throw toRestless();
}

function toRestless(): Error {
  return unavailable("busy", "the file changes all the time");
}

interface Description {
  readonly hash: string;
  readonly sizeBytes: number;
  readonly modifiedAt: string;
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
  of: { sent: SentFile; file: Description; range: Part; bytes: Readable },
): FastifyReply {
  setFileHeaders(reply, of.sent, of.file).header("content-length", String(of.range?.length ?? of.file.sizeBytes));
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

function setFileHeaders(reply: FastifyReply, sent: SentFile, file: Description): FastifyReply {
  return reply.headers({
    etag: toEntityTag(file.hash),
    "last-modified": new Date(file.modifiedAt).toUTCString(),
    "accept-ranges": "bytes",
    "cache-control": "private, no-cache",
    ...sent.headers,
  });
}
