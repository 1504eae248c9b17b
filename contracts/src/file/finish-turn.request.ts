import { z } from "zod";
import { defineRequest } from "../define.ts";
import { taints } from "../policy/taint.ts";
import { exampleEntry } from "../turn/examples.ts";
import { noUsage, transcriptEntry, usage } from "../turn/message.ts";
import { outboxPart } from "../turn/outbox.ts";
import { turnName, turnRecord } from "../turn/record.ts";
import { examples, instant, token } from "../values.ts";

const request = turnName.extend({
  epoch: z.number().int().positive(),
  /** Lines before this append, as in `file.request.append-log`. */
  after: z.number().int().nonnegative(),
  /** Ends with an `end` record. */
  records: z.array(turnRecord).min(1).max(500),
  transcript: z.array(transcriptEntry).max(110),
  /** Messages that joined the turn and end with it. */
  joined: z.array(token).max(100).optional(),
  outbox: z.array(outboxPart).max(100),
  /** Added to the session's sum. */
  usage,
  model: z.string(),
  /** Labels that the turn leaves on its session. */
  taint: taints.optional(),
});

/**
 * Ends a turn: outbox files, transcript lines, then the records with `end`, then the open marker goes. Safe to repeat
 * after a crash in between. When it answers all of it is fsynced. Errors: `stale-epoch`, `disk-full`, `disk-failed`.
 */
export const finishTurnRequest = defineRequest({
  id: "file.request.finish-turn",
  summary: "End a turn",
  request,
  /** The new length, and the moment that the appended lines carry. */
  reply: z.object({ length: z.number().int().positive(), at: instant }),
  example: {
    request: {
      session: examples.session,
      turn: examples.turn,
      epoch: 1,
      after: 4,
      records: [{ kind: "end", status: "done", text: "Hello.", usage: noUsage }],
      transcript: [exampleEntry],
      outbox: [],
      usage: noUsage,
      model: "rehearsal-1",
    },
    reply: { length: 5, at: examples.at },
  },
});
