import type { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Answers the newest lines of the activity log. */
export function readActivity(
  request: z.infer<typeof readActivityRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof readActivityRequest.reply>> {
  return deps.onDisk("activity", () => deps.activity.read(request));
}
