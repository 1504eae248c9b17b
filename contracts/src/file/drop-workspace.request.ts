import { z } from "zod";
import { defineRequest } from "../define.ts";
import { token } from "../values.ts";

/** Removes a workspace with all that commands left in it; one that is gone is fine. */
export const dropWorkspaceRequest = defineRequest({
  id: "file.request.drop-workspace",
  summary: "Remove a workspace",
  timeoutMs: 120_000,
  request: z.object({ workspace: token }),
  reply: z.object({}),
  example: { request: { workspace: "w_0f1e2d3c4b5a69788796a5b4" }, reply: {} },
});
