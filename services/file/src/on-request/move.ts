import type { moveRequest } from "@matrix-os/contracts/file/move.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Moves or renames a file or folder to a free name. */
export async function move(
  request: z.infer<typeof moveRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof moveRequest.reply>> {
  deps.quiet.disturb();
  return deps.files.move(request);
}
