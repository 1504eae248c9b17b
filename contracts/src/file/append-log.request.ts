import { z } from "zod";
import { defineRequest } from "../define.ts";
import { turnName, turnRecord } from "../turn/record.ts";
import { examples, instant } from "../values.ts";

const request = turnName.extend({
  epoch: z.number().int().positive(),
  /** Lines before this append: a repeat whose lines stand there already answers as the first did. */
  after: z.number().int().nonnegative(),
  records: z.array(turnRecord).min(1).max(500),
});

/** Appends records in order, all fsynced when it answers. Errors: `stale-epoch`, `disk-full`, `disk-failed`. */
export const appendLogRequest = defineRequest({
  id: "file.request.append-log",
  summary: "Append to a turn's journal",
  request,
  /** The new length, and the moment that the appended lines carry. */
  reply: z.object({ length: z.number().int().positive(), at: instant }),
  example: {
    request: {
      session: examples.session,
      turn: examples.turn,
      epoch: 1,
      after: 2,
      records: [{ kind: "model.request", step: 1, reservedUsd: 0 }],
    },
    reply: { length: 3, at: examples.at },
  },
});
