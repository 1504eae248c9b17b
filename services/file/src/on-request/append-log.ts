import type { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Appends records to a journal under a valid epoch. */
export function appendLog(
  request: z.infer<typeof appendLogRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof appendLogRequest.reply>> {
  return deps.onDisk("journal", () => deps.journals.append(request, request));
}
