import { randomUUID } from "node:crypto";
import type { FileChange } from "@matrix-os/contracts/api/files";
import type { Origin } from "@matrix-os/contracts/define";
import { rejected, toOsError } from "@matrix-os/contracts/errors";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HttpDeps } from "./http-deps.ts";

/** Adds routes whose body of any type, JSON too, is a stream of bytes. */
export function addRawBodies(app: FastifyInstance, addRoutes: (raw: FastifyInstance) => void): void {
  void app.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    addRoutes(raw);
  });
}

/** Where the body of a request goes. */
export interface ReceivedFile {
  readonly path: string;
  readonly maxBytes: number;
  readonly origin: Origin;
  readonly ifMatch?: string | undefined;
}

/** Streams a request's body into a file. Errors: `too-large`, and those of `file.request.receive`. */
export async function receiveFile(request: FastifyRequest, deps: HttpDeps, to: ReceivedFile): Promise<FileChange> {
  if (Number(request.headers["content-length"] ?? 0) > to.maxBytes) throw toTooLarge(to.maxBytes);
  const transfer = `t_${randomUUID()}`;
  const stop = new AbortController();
  // The sender listens for credit before the file service is asked to give it.
  const sending = deps.bus.sendParts(
    { contract: contentStream, transfer, signal: stop.signal },
    boundBytes(request, to.maxBytes),
  );
  const failed = sending.then(
    () => undefined,
    (error: unknown) => toOsError(error),
  );
  try {
    return await deps.bus.request(receiveRequest, {
      path: to.path,
      transfer,
      maxBytes: to.maxBytes,
      ...(to.ifMatch === undefined ? {} : { ifMatch: to.ifMatch }),
      origin: to.origin,
    });
  } catch (thrown) {
    stop.abort();
    const own = await failed;
    // What made our side stop says more than the other side's «the sender went away».
    throw own?.code === "too-large" ? own : thrown;
  }
}

async function* boundBytes(request: FastifyRequest, maxBytes: number): AsyncGenerator<Uint8Array> {
  const body = request.body as AsyncIterable<Uint8Array> | undefined;
  let sum = 0;
  for await (const chunk of body ?? []) {
    sum += chunk.length;
    if (sum > maxBytes) throw toTooLarge(maxBytes);
    yield chunk;
  }
}

function toTooLarge(maxBytes: number): Error {
  return rejected("too-large", `a file may have ${maxBytes} bytes`, { field: "body" });
}
