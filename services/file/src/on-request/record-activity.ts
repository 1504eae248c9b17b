import type { recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Appends a line to the activity log. */
export function recordActivity(
  request: z.infer<typeof recordActivityRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof recordActivityRequest.reply>> {
  return deps.onDisk("activity", () => ({ line: deps.activity.record(request.activity) }));
}
