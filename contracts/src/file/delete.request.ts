import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { homePath, origin, precondition } from "../values.ts";
import { changeReply } from "./write.request.ts";

const request = z.object({ path: homePath, ifMatch: precondition.optional(), origin });

/** Deletes a file, or a folder with all it holds; undo brings it back. Errors: `not-found`, `conflict`, `denied`. */
export const deleteRequest = defineRequest({
  id: "file.request.delete",
  summary: "Delete a file or folder",
  request,
  reply: changeReply,
  example: {
    request: { path: "notes/oat.md", origin: { actor: "owner" } },
    reply: { path: "notes/oat.md", created: false, change: "c_4", seq: 4 },
  },
  tool: defineTool({
    name: "delete_file",
    description: "Delete a file, or a folder with everything in it. The owner can undo it.",
    class: "idempotent",
    input: z.object({ path: homePath }),
    toRequest: ({ path }, from) => ({ path, origin: from }),
    toText: (done: z.infer<typeof changeReply>) => `deleted ${done.path}`,
    toAction: ({ path }) => ({ do: "delete", paths: [path] }),
    toLabel: ({ path }) => path,
  }),
});
