import type { dropWorkspaceRequest } from "@matrix-os/contracts/file/drop-workspace.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Removes a workspace. */
export async function dropWorkspace(
  request: z.infer<typeof dropWorkspaceRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof dropWorkspaceRequest.reply>> {
  await deps.onDisk(request.workspace, () => deps.workspaces.drop(request.workspace));
  return {};
}
