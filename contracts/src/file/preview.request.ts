import { z } from "zod";
import { defineRequest } from "../define.ts";
import { taints } from "../policy/taint.ts";
import { homePath, token } from "../values.ts";

const request = z.object({
  /** What would be changed; a folder stands for everything in it. */
  paths: z.array(homePath).max(20).default([]),
  /** What an undo would take back. */
  undo: z.object({ direction: z.enum(["undo", "redo"]), turn: token.optional() }).optional(),
  /** The turn whose deletions so far are counted. */
  turn: token.optional(),
  /** Answer the present text of the only path, where it is a short text file. */
  text: z.boolean().default(false),
});

/** What a change would touch, without making it. Errors: `nothing-to-undo`. */
export const previewRequest = defineRequest({
  id: "file.request.preview",
  summary: "Say what a change would touch",
  request,
  reply: z.object({
    /** The first 200 files. */
    paths: z.array(homePath),
    pathCount: z.number().int().nonnegative(),
    text: z.string().optional(),
    /** Files that the turn has deleted so far. */
    deletedBefore: z.number().int().nonnegative().optional(),
    /** Labels of what is there. */
    taint: taints.optional(),
    /** The history entry that would be taken back. */
    entry: token.optional(),
  }),
  example: {
    request: { paths: ["notes"], text: false },
    reply: { paths: ["notes/milk.md"], pathCount: 1 },
  },
});
