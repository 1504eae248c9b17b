import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, instant } from "../values.ts";

/**
 * What a line is about. `login`: links and browsers. `token`: tokens. `access`: what was refused at the door. `approval`: what the
 * owner was asked and answered. `egress`: what left the machine. `command`: what ran. `secret`: the vault, by name.
 */
export const activityKinds = [
  "message",
  "turn",
  "file",
  "config",
  "problem",
  "system",
  "login",
  "token",
  "access",
  "approval",
  "egress",
  "command",
  "secret",
] as const;

/** One line of the activity log: what the system did or noticed, in words an owner reads. No secrets, no message texts. */
export const activity = z.object({
  at: instant,
  service: z.string().max(40),
  kind: z.enum(activityKinds),
  summary: z.string().max(500),
  /** Who caused it, such as `owner`, `browser 1a2b3c4d`, `token backup`. */
  by: z.string().max(120).optional(),
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
