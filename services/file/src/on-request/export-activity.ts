import type { exportActivityRequest } from "@matrix-os/contracts/file/export-activity.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Answers a page of the activity log's own lines. */
export function exportActivity(
  request: z.infer<typeof exportActivityRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof exportActivityRequest.reply>> {
  return deps.onDisk("activity", () => deps.activity.page(request.after));
}
