import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, instant } from "../values.ts";
import { activity, activityKinds } from "./record-activity.request.ts";

/** A place in the activity log: a day and how many of its lines. */
export const activityPlace = z.string().regex(/^\d{4}-\d{2}-\d{2}\.\d{1,9}$/, "must look like 2026-11-24.17");

/** Which lines are asked for, the number of them aside. */
export const activityFilter = z.object({
  kind: z.enum(activityKinds).optional(),
  since: instant.optional(),
  after: activityPlace.optional(),
});

/**
 * The newest lines of the activity log that fit, or those after a place; oldest first. `verified`: whether the hash chain of the
 * days read holds. What is asked for after `next` was not told yet.
 */
export const readActivityRequest = defineRequest({
  id: "file.request.read-activity",
  summary: "Read the activity log",
  request: activityFilter.extend({ limit: z.number().int().min(1).max(500).default(100) }),
  reply: z.object({ lines: z.array(activity), verified: z.boolean(), next: activityPlace.optional() }),
  example: {
    request: { limit: 100 },
    reply: {
      lines: [{ at: examples.at, service: "kernel", kind: "turn", summary: "turn done" }],
      verified: true,
      next: "2026-11-24.1",
    },
  },
});

/** Which lines are asked for. */
export type ActivityQuery = z.infer<typeof readActivityRequest.request>;
