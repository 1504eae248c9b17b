import { z } from "zod";
import { defineRequest } from "../define.ts";
import { exampleSummary } from "../turn/examples.ts";
import { sessionSummary } from "../turn/message.ts";
import { examples, token } from "../values.ts";

/** Keeps what stands for a session's older turns in later prompts; the last one counts. Errors: `not-found`, `disk-full`, `disk-failed`. */
export const storeSummaryRequest = defineRequest({
  id: "file.request.store-summary",
  summary: "Keep the summary of a session's older turns",
  request: z.object({ session: token, summary: sessionSummary }),
  reply: z.object({}),
  example: { request: { session: examples.session, summary: exampleSummary }, reply: {} },
});
