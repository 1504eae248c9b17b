import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, homePath, instant, origin, token } from "../values.ts";

/** How one path differs from before. */
export const pathChange = z.object({ path: homePath, kind: z.enum(["created", "updated", "deleted"]) });

const entry = z.object({
  /** All changes of one turn are one entry; a change outside a turn is an entry of its own. */
  id: token,
  at: instant,
  origin,
  /** What was asked for in a turn; else the paths. */
  summary: z.string(),
  paths: z.array(pathChange),
  /** How many paths changed; `paths` holds the first 100. */
  pathCount: z.number().int().nonnegative(),
  state: z.enum(["applied", "undone"]),
  /** Set on an undo or redo: the entry it reversed. */
  reverses: token.optional(),
});

const request = z.object({
  limit: z.number().int().min(1).max(200).default(50),
  before: token.optional(),
  path: homePath.optional(),
});

/** What changed the home, newest first. */
export const historyRequest = defineRequest({
  id: "file.request.history",
  summary: "List what changed the home, newest first",
  request,
  reply: z.object({ entries: z.array(entry), more: z.boolean() }),
  example: {
    request: { limit: 50 },
    reply: {
      entries: [
        {
          id: "c_1",
          at: examples.at,
          origin: { actor: "owner" },
          summary: "notes/milk.md",
          paths: [{ path: "notes/milk.md", kind: "created" }],
          pathCount: 1,
          state: "applied",
        },
      ],
      more: false,
    },
  },
});
