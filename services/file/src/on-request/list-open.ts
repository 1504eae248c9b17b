import type { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Lists turns that have not ended, by arrival. */
export async function listOpen(
  request: z.infer<typeof listOpenRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof listOpenRequest.reply>> {
  const { open, more } = deps.inbox.open.select(request);
  const now = Date.now();
  return {
    open: open.map((entry) => ({
      message: entry.message,
      stopRequested: deps.inbox.open.isStopRequested(entry),
      openForMs: Math.max(0, now - entry.openedAtMs),
      ...(request.heads && deps.inbox.open.othersMayJoin(entry) ? { othersMayJoin: true } : {}),
    })),
    more,
  };
}
