import type { verifyActivityRequest } from "@matrix-os/contracts/file/verify-activity.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Answers whether the activity log is whole. */
export function verifyActivity(
  request: z.infer<typeof verifyActivityRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof verifyActivityRequest.reply>> {
  return deps.onDisk("activity", () =>
    request.check === "known" ? deps.activityCheck.known() : deps.activityCheck.run(),
  );
}
