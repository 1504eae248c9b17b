import type { undoRequest } from "@matrix-os/contracts/file/undo.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Takes one history entry back, path by path, or redoes the newest undo. */
export function undo(
  request: z.infer<typeof undoRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof undoRequest.reply>> {
  const { direction, entry, origin } = request;
  deps.quiet.disturb();
  return deps.onDisk("home", () => deps.files.reverse({ direction, entry, turn: origin.turn }, origin));
}
