import { z } from "zod";
import { defineRequest } from "../define.ts";
import { homePath, origin, token } from "../values.ts";

const request = z.object({ workspace: token, origin });

const count = z.number().int().nonnegative();

const reply = z.object({
  /** The first 200 paths that the command created, changed or deleted, as paths of the home. */
  changed: z.array(homePath),
  /** How many there are. */
  changes: count,
  /** The first 200 paths that the command changed and the home changed otherwise meanwhile: then nothing is applied. */
  conflicts: z.array(homePath),
  /** The first 200 things that may not come back. Dangerous ones keep the whole change out; harmless leftovers are only skipped. */
  refused: z.array(z.object({ path: z.string(), why: z.string() })),
  /** Whether the home is as the command left its files. */
  applied: z.boolean(),
});

/**
 * Takes what commands changed in a workspace into the home: all of it or nothing, as one change that one undo takes back. What the
 * home changed elsewhere meanwhile stays. A dangerous thing (a link that leads out of the folder, a device, a setuid file, a file
 * shared with something outside, a name that no home path may have, names that differ only in case, too much) refuses the whole
 * change; sockets, pipes and unreadable files are skipped. The workspace stays as it is in any case. Errors: `not-found`.
 */
export const checkInRequest = defineRequest({
  id: "file.request.check-in",
  summary: "Take what commands changed in a workspace into the home",
  timeoutMs: 120_000,
  request,
  reply,
  example: {
    request: { workspace: "w_0f1e2d3c4b5a69788796a5b4", origin: { actor: "kernel" } },
    reply: { changed: ["apps/water/app.js"], changes: 1, conflicts: [], refused: [], applied: true },
  },
});
