import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { contentHash, encoding, examples, homePath, origin, precondition, token } from "../values.ts";

const request = z.object({
  path: homePath,
  content: z.string(),
  encoding: encoding.default("utf8"),
  ifMatch: precondition.optional(),
  origin,
});

/** What every change of the home answers: where it stands in the history and in the change sequence. */
export const changeReply = z.object({
  path: homePath,
  hash: contentHash.optional(),
  sizeBytes: z.number().int().nonnegative().optional(),
  created: z.boolean(),
  change: token,
  seq: z.number().int().nonnegative(),
});

/** Creates or replaces one file, whole or not at all. Errors: `conflict` (`ifMatch`), `is-folder`, `denied`, `disk-full`. */
export const writeRequest = defineRequest({
  id: "file.request.write",
  summary: "Create or replace a file",
  request,
  reply: changeReply,
  example: {
    request: { path: "notes/milk.md", content: "milk\n", encoding: "utf8", origin: { actor: "owner" } },
    reply: { path: "notes/milk.md", hash: examples.hash, sizeBytes: 5, created: true, change: "c_1", seq: 1 },
  },
  tool: defineTool({
    name: "write_file",
    description: "Create a file in the owner's home or replace it completely. Folders are made as needed.",
    class: "idempotent",
    input: z.object({ path: homePath, content: z.string() }),
    toRequest: ({ path, content }, from) => ({ path, content, encoding: "utf8" as const, origin: from }),
    toText: (done: z.infer<typeof changeReply>) =>
      `${done.created ? "created" : "replaced"} ${done.path} (${done.sizeBytes} bytes)`,
    toAction: ({ path, content }) => ({ do: "write", paths: [path], text: content }),
    toLabel: ({ path }) => path,
  }),
});
