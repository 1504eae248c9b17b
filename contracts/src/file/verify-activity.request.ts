import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, instant } from "../values.ts";

/**
 * Whether every line of the activity log is as it was written, to the last one known: `broken` names the first that is not.
 * `known`: the result of the last check, made at the start and each day; `now`: of a new one.
 */
export const verifyActivityRequest = defineRequest({
  id: "file.request.verify-activity",
  summary: "Verify the activity log",
  timeoutMs: 30_000,
  request: z.object({ check: z.enum(["known", "now"]).default("now") }),
  reply: z.object({
    lines: z.number().int().nonnegative(),
    days: z.number().int().nonnegative(),
    checkedAt: instant,
    broken: z.object({ day: z.string(), line: z.number().int().nonnegative(), reason: z.string() }).optional(),
  }),
  example: {
    request: { check: "now" },
    reply: {
      lines: 12,
      days: 2,
      checkedAt: examples.at,
      broken: { day: "2026-11-24", line: 3, reason: "does not go on from the line before" },
    },
  },
});

/** What a check of the activity log found. */
export type ActivityCheck = z.infer<typeof verifyActivityRequest.reply>;
