import { rejected } from "@matrix-os/contracts/errors";
import type { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Takes a turn's journal over. Errors: `not-found` when its session does not exist. */
export function openLog(
  request: z.infer<typeof openLogRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof openLogRequest.reply>> {
  return deps.onDisk("journal", async () => {
    if (!deps.sessions.has(request.session))
      throw rejected("not-found", "there is no such session", { field: "session" });
    const { isEnded, ...page } = await deps.journals.open(request, request.owner);
    return { ...page, stopRequested: deps.inbox.open.get(request.turn)?.stopRequested ?? false, ended: isEnded };
  });
}
