import type { IncomingMessage } from "node:http";
import { Readable, type Transform, pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { rejected } from "@matrix-os/contracts/errors";

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What is asked for in `accept-encoding`. */
export const readableEncodings = "gzip, deflate, br";

/**
 * The body, unpacked. Reading ends at once when more than `most` bytes came, or came out of unpacking. `seen` is told of the
 * bytes as they come. Errors: `too-large`, `unreadable`; others as the stream throws them.
 */
export async function readBody(
  response: IncomingMessage,
  most: number,
  seen: (bytes: number) => void,
): Promise<Buffer> {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const toUnpacker = unpackers[encoding];
  if (toUnpacker === undefined && encoding !== "identity")
    throw rejected("unreadable", `the body is packed in a way that can't be read: ${encoding.slice(0, 40)}`, {
      field: "url",
    });
  const raw = Readable.from(bound(response, most, seen));
  if (toUnpacker === undefined) return collect(raw);
  // Errors of either end arrive at whoever reads the unpacked side.
  const unpacked = pipeline(raw, toUnpacker(), () => undefined);
  return collect(bound(unpacked, most, () => undefined));
}

async function* bound(
  from: AsyncIterable<Buffer>,
  most: number,
  seen: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of from) {
    bytes += chunk.length;
    seen(chunk.length);
    if (bytes > most) throw rejected("too-large", `the page is larger than ${most} bytes`, { field: "url" });
    yield chunk;
  }
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
