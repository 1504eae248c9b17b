import type { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Takes what commands changed in a workspace into the home. */
export function checkIn(
  request: z.infer<typeof checkInRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof checkInRequest.reply>> {
  deps.quiet.disturb();
  return deps.onDisk(request.workspace, () => deps.workspaces.checkIn(request.workspace, request.origin));
}
