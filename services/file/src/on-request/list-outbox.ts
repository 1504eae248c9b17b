import type { listOutboxRequest } from "@matrix-os/contracts/file/list-outbox.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Lists parts of answers that wait to be sent, in the order they were written. */
export async function listOutbox(
  { afterSeq, limit }: z.infer<typeof listOutboxRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof listOutboxRequest.reply>> {
  return deps.outbox.list(afterSeq, limit);
}
