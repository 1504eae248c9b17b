import type { requestStopRequest } from "@matrix-os/contracts/file/request-stop.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Marks a session's open turns as to be stopped. */
export function requestStop(
  request: z.infer<typeof requestStopRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof requestStopRequest.reply>> {
  return deps.onDisk("open", async () => ({ turns: await deps.inbox.requestStop(request.session) }));
}
