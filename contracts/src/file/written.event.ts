import { z } from "zod";
import { defineEvent } from "../define.ts";
import { contentHash, examples, homePath, instant, origin, token } from "../values.ts";

/** One path of a change, with what it is now. */
export const writtenPath = z.object({
  path: homePath,
  kind: z.enum(["created", "updated", "deleted"]),
  hash: contentHash.optional(),
  sizeBytes: z.number().int().nonnegative().optional(),
});

/** One numbered change of the home; the numbers have no gaps and survive restarts. */
export const change = z.object({
  seq: z.number().int().positive(),
  change: token,
  at: instant,
  origin,
  /** The first 200 paths. */
  paths: z.array(writtenPath),
  pathCount: z.number().int().nonnegative(),
});

/** The home changed; one event per change-set, in `seq` order. A listener that misses one asks `file.request.read-changes`. */
export const writtenEvent = defineEvent({
  id: "file.event.written",
  summary: "The home changed",
  body: change,
  example: {
    seq: 1,
    change: "c_1",
    at: examples.at,
    origin: { actor: "owner" },
    paths: [{ path: "notes/milk.md", kind: "created", hash: examples.hash, sizeBytes: 5 }],
    pathCount: 1,
  },
});

/** A change as listeners get it. */
export type Change = z.infer<typeof change>;
