import type { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Answers a page of a journal. */
export function readLog(
  request: z.infer<typeof readLogRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof readLogRequest.reply>> {
  return deps.onDisk("journal", () => deps.journals.read(request, request.from));
}
