import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { homePath, origin } from "../values.ts";
import { changeReply } from "./write.request.ts";

const request = z.object({ from: homePath, to: homePath, origin });

/** Moves or renames a file or folder. Errors: `not-found`, `already-exists`, `denied`. */
export const moveRequest = defineRequest({
  id: "file.request.move",
  summary: "Move or rename a file or folder",
  request,
  reply: changeReply,
  example: {
    request: { from: "notes/milk.md", to: "notes/oat.md", origin: { actor: "owner" } },
    reply: { path: "notes/oat.md", created: true, change: "c_3", seq: 3 },
  },
  tool: defineTool({
    name: "move_file",
    description: "Move or rename a file or folder inside the owner's home. The target must not exist.",
    class: "idempotent",
    input: z.object({ from: homePath, to: homePath }),
    toRequest: ({ from, to }, by) => ({ from, to, origin: by }),
    toText: (done: z.infer<typeof changeReply>) => `moved to ${done.path}`,
    toAction: ({ from, to }) => ({ do: "move", from, to }),
    toLabel: ({ from, to }) => `${from} → ${to}`,
  }),
});
