import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, token } from "../values.ts";

const request = z.object({
  ask: token,
  verdict: z.enum(["allow", "deny"]),
  /** The surface that the owner answered on. */
  by: z.string().min(1).max(80),
});

/** Keeps the owner's answer to a question (fsynced). Errors: `not-found` (nothing waits under this name), `conflict` (answered already). */
export const answerAskRequest = defineRequest({
  id: "file.request.answer-ask",
  summary: "Keep the answer to a question",
  request,
  reply: z.object({ session: token, turn: token }),
  example: {
    request: { ask: "a_1", verdict: "allow", by: "desktop" },
    reply: { session: examples.session, turn: examples.turn },
  },
});
