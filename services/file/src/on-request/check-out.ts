import type { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Makes or refreshes a copy of a folder for commands. */
export function checkOut(
  request: z.infer<typeof checkOutRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof checkOutRequest.reply>> {
  return deps.onDisk(request.folder, () => deps.workspaces.checkOut(request.folder));
}
