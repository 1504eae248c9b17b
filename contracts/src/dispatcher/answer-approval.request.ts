import { z } from "zod";
import { defineRequest } from "../define.ts";
import { answerAskRequest } from "../file/answer-ask.request.ts";
import { examples, token } from "../values.ts";

/** Takes the owner's answer to a question: written down first, then its session is rung. Errors: `not-found`, `conflict`. */
export const answerApprovalRequest = defineRequest({
  id: "dispatcher.request.answer-approval",
  summary: "Take the owner's answer to a question",
  timeoutMs: 10_000,
  request: answerAskRequest.request,
  reply: z.object({ session: token, turn: token }),
  example: {
    request: { ask: "a_1", verdict: "allow", by: "desktop" },
    reply: { session: examples.session, turn: examples.turn },
  },
});
