import { z } from "zod";
import { pendingQuestion } from "../policy/question.ts";
import { token } from "../values.ts";
import { defineRoute } from "./route.ts";

/** Questions that wait for the owner, the oldest first. */
export const listApprovalsRoute = defineRoute({
  method: "GET",
  path: "/approvals",
  summary: "List what waits for the owner's approval",
  query: z.object({ session: token.optional() }),
  reply: z.object({ approvals: z.array(pendingQuestion), more: z.boolean() }),
});

/** Answers one question, once. Errors: `not-found` when nothing waits under this name, `conflict` when it was answered. */
export const answerApprovalRoute = defineRoute({
  method: "POST",
  path: "/approvals/:ask",
  summary: "Allow or deny what waits",
  body: z.object({ verdict: z.enum(["allow", "deny"]) }),
  reply: z.object({ session: token, turn: token }),
});
