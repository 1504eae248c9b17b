import { contentStream } from "@matrix-os/contracts/file/content.stream";
import type { sendRequest } from "@matrix-os/contracts/file/send.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import type { OpenFile } from "../disk/content.ts";
import { refuseOwn } from "./read.ts";

/** Describes a file; with `transfer` its bytes follow as a stream, those of the moment it was opened. */
export function send(
  request: z.infer<typeof sendRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof sendRequest.reply>> {
  return deps.onDisk(request.path, async () => {
    refuseOwn(request.path);
    if (request.transfer !== undefined) deps.transfers.refuseIfFull();
    const file = deps.reader.open(request.path);
    const sentBytes = Math.max(0, Math.min(request.lengthBytes ?? Infinity, file.stats.size - request.offset));
    try {
      const { hash } = await deps.reader.idsOf(request.path, file);
      const about = { hash, sizeBytes: file.stats.size, modifiedAt: file.stats.mtime.toISOString() };
      if (request.transfer === undefined) return { ...about, sentBytes: 0 };
      const transfer = { contract: contentStream, transfer: request.transfer, signal: deps.transfers.signal };
      const owned = file.take();
      deps.transfers.start(() => deps.bus.sendParts(transfer, partsOf(owned, request.offset, sentBytes)));
      return { ...about, sentBytes };
    } finally {
      file[Symbol.dispose]();
    }
  });
}

async function* partsOf(file: OpenFile, offset: number, length: number): AsyncIterable<Uint8Array> {
  using opened = file;
  yield* opened.parts(offset, length);
}
