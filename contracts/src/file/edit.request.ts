import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { examples, homePath, origin, precondition } from "../values.ts";
import { changeReply } from "./write.request.ts";

const replacement = z.object({ old: z.string().min(1), new: z.string(), all: z.boolean().optional() });

const request = z.object({
  path: homePath,
  replacements: z.array(replacement).min(1).max(100),
  ifMatch: precondition.optional(),
  origin,
});

/** Replaces exact text; each `old` must occur once unless `all`. Errors: `not-found`, `invalid` (missing or ambiguous `old`), `conflict`. */
export const editRequest = defineRequest({
  id: "file.request.edit",
  summary: "Replace exact passages in a text file",
  request,
  reply: changeReply,
  example: {
    request: { path: "notes/milk.md", replacements: [{ old: "milk", new: "oat milk" }], origin: { actor: "owner" } },
    reply: { path: "notes/milk.md", hash: examples.hash, sizeBytes: 9, created: false, change: "c_2", seq: 2 },
  },
  tool: defineTool({
    name: "edit_file",
    description: "Replace exact passages in a text file. Each `old` must occur exactly once, unless `all` is true.",
    // Not idempotent: what replaces a passage may contain it.
    class: "unsafe",
    input: z.object({ path: homePath, replacements: z.array(replacement).min(1).max(100) }),
    toRequest: ({ path, replacements }, from) => ({ path, replacements, origin: from }),
    toText: (done: z.infer<typeof changeReply>) => `edited ${done.path} (${done.sizeBytes} bytes)`,
    toAction: ({ path, replacements }) => ({ do: "write", paths: [path], replacements }),
    toLabel: ({ path }) => path,
  }),
});
