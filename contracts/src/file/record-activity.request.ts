import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, instant } from "../values.ts";

/** One line of the activity log: what the system did or noticed, in words an owner reads. No secrets, no message texts. */
export const activity = z.object({
  at: instant,
  service: z.string().max(40),
  kind: z.enum(["message", "turn", "file", "config", "problem", "system"]),
  summary: z.string().max(500),
  session: z.string().optional(),
  turn: z.string().optional(),
});

/** Appends one line to the hash-chained `system/activity/<day>.jsonl`. */
export const recordActivityRequest = defineRequest({
  id: "file.request.record-activity",
  summary: "Append to the activity log",
  request: z.object({ activity }),
  reply: z.object({ line: z.number().int().positive() }),
  example: {
    request: {
      activity: { at: examples.at, service: "kernel", kind: "turn", summary: "turn done", session: examples.session },
    },
    reply: { line: 1 },
  },
});

/** A line of the activity log. */
export type Activity = z.infer<typeof activity>;
