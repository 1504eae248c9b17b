import type { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Deletes a file, or a folder with all it holds. */
export async function deletePath(
  request: z.infer<typeof deleteRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof deleteRequest.reply>> {
  deps.quiet.disturb();
  return deps.files.remove(request);
}
