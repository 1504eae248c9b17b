import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { homePath, origin, token } from "../values.ts";
import { pathChange } from "./history.request.ts";

const request = z.object({
  direction: z.enum(["undo", "redo"]).default("undo"),
  /** A history entry; without it the newest that can be undone (or redone). */
  entry: token.optional(),
  origin,
});

const reply = z.object({
  /** The entry that was reversed. */
  entry: token,
  summary: z.string(),
  paths: z.array(pathChange),
  /** Changed since by something else: left as they are, for the owner to decide. */
  conflicts: z.array(homePath),
  /** Their earlier content holds a secret, so the history never held it: left as they are. */
  withheld: z.array(homePath).default([]),
  seq: z.number().int().nonnegative(),
});

/** Takes back one history entry path by path, itself a new entry. Errors: `nothing-to-undo`, `not-found`. */
export const undoRequest = defineRequest({
  id: "file.request.undo",
  summary: "Take back or redo one history entry",
  timeoutMs: 30_000,
  request,
  reply,
  example: {
    request: { direction: "undo", origin: { actor: "owner" } },
    reply: {
      entry: "c_1",
      summary: "notes/milk.md",
      paths: [{ path: "notes/milk.md", kind: "deleted" }],
      conflicts: [],
      withheld: [],
      seq: 5,
    },
  },
  tool: defineTool({
    name: "undo",
    description:
      "Take back the newest change of the owner's files (all files of one turn), or redo it with direction `redo`.",
    class: "unsafe",
    input: z.object({ direction: z.enum(["undo", "redo"]).optional() }),
    toRequest: ({ direction }, from, judged) => ({
      direction: direction ?? ("undo" as const),
      ...(judged?.entry === undefined ? {} : { entry: judged.entry }),
      origin: from,
    }),
    toText: (done: z.infer<typeof reply>) =>
      [
        `reversed: ${done.summary}`,
        ...done.paths.map((change) => `${change.kind} ${change.path}`),
        ...done.conflicts.map((path) => `left alone, changed since: ${path}`),
        ...done.withheld.map((path) => `left alone, its earlier content held a secret and was not kept: ${path}`),
      ].join("\n"),
    toAction: ({ direction }) => ({ do: "undo", direction: direction ?? "undo" }),
    toLabel: ({ direction }) => (direction === "redo" ? "bring back the newest undone change" : "the newest change"),
  }),
});
