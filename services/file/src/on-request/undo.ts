import type { undoRequest } from "@matrix-os/contracts/file/undo.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { onDisk } from "../disk/disk-error.ts";
import { reverseEntry } from "../home/reverse-entry.ts";
import { chooseEntry } from "../undo/choose-entry.ts";

/** Takes one history entry back, path by path, or redoes the newest undo. */
export function undo(request: z.infer<typeof undoRequest.request>, deps: FileDeps): Promise<z.infer<typeof undoRequest.reply>> {
  deps.quiet.disturb();
  return deps.writer.queue.run(() =>
    onDisk("home", () => {
      const { direction, entry, origin } = request;
      return reverseEntry(deps, chooseEntry(deps.recorder.entries, { direction, entry, turn: origin.turn }), origin);
    }),
  );
}
