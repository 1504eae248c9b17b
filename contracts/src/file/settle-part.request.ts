import { z } from "zod";
import { defineRequest } from "../define.ts";
import { partOutcome } from "../turn/outbox.ts";
import { examples, token } from "../values.ts";

/**
 * Writes down that a part was sent, or given up (which the activity log tells, too); fsynced when it answers. A led write: the
 * epoch is that of the role `dispatcher`. Settling again changes nothing. Errors: `stale-epoch`, `not-found`, `disk-full`.
 */
export const settlePartRequest = defineRequest({
  id: "file.request.settle-part",
  summary: "Write down what came of a part of an answer",
  request: z.object({
    epoch: z.number().int().positive(),
    channel: token,
    turn: token,
    n: z.number().int().positive(),
    outcome: partOutcome,
  }),
  reply: z.object({}),
  example: {
    request: {
      epoch: 3,
      channel: "telegram",
      turn: examples.turn,
      n: 1,
      outcome: { kind: "sent", nativeId: "1001" },
    },
    reply: {},
  },
});
