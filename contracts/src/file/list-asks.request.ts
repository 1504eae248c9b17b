import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examplePending } from "../policy/examples.ts";
import { pendingQuestion } from "../policy/question.ts";
import { token } from "../values.ts";

/** Questions that wait for the owner, the oldest first; a page is at most ~200 KB (always at least one). */
export const listAsksRequest = defineRequest({
  id: "file.request.list-asks",
  summary: "List questions that wait for the owner",
  request: z.object({ session: token.optional() }),
  reply: z.object({ asks: z.array(pendingQuestion), more: z.boolean() }),
  example: { request: {}, reply: { asks: [examplePending], more: false } },
});
