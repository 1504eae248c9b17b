import { z } from "zod";
import { defineRequest } from "../define.ts";

/** Which model answers, and what is wrong with the owner's configuration. */
export const describeRequest = defineRequest({
  id: "kernel.request.describe",
  summary: "Say which model answers and what is wrong",
  request: z.object({}),
  reply: z.object({
    model: z.string(),
    /** Where the model is reached; never with credentials. */
    provider: z.enum(["anthropic", "custom", "rehearsal"]),
    /** Sentences for the owner, such as a broken `system/config.json`; the last good one stays in force. */
    problems: z.array(z.string()),
    spentTodayUsd: z.number().nonnegative(),
    dayBudgetUsd: z.number().nonnegative(),
  }),
  example: {
    request: {},
    reply: { model: "rehearsal-1", provider: "rehearsal", problems: [], spentTodayUsd: 0, dayBudgetUsd: 10 },
  },
});
