import { contentStream } from "@matrix-os/contracts/file/content.stream";
import type { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** How long a whole file may take. */
const DEADLINE_MS = 110_000;

/** Takes a file as a stream; it appears whole or not at all. */
export function receive(
  request: z.infer<typeof receiveRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof receiveRequest.reply>> {
  return deps.onDisk(request.path, () => {
    deps.transfers.refuseIfFull();
    deps.quiet.disturb();
    const signal = AbortSignal.any([deps.transfers.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const parts = () => deps.bus.receiveParts({ contract: contentStream, transfer: request.transfer, signal });
    return deps.files.receive(request, { parts, maxBytes: Math.min(request.maxBytes, deps.config.maxUploadBytes) });
  });
}
