import { z } from "zod";
import { defineEvent } from "../define.ts";
import { errorBody } from "../errors.ts";
import { turnStatus } from "../turn/message.ts";
import { examples, token } from "../values.ts";

/** A turn ended (key: the session); its answer is in the transcript and, for chat channels, in the outbox. */
export const turnFinishedEvent = defineEvent({
  id: "kernel.event.turn-finished",
  summary: "A turn ended",
  body: z.object({
    session: token,
    turn: token,
    arrival: z.number().int().positive(),
    status: turnStatus,
    error: errorBody.optional(),
    /** Messages that joined it, and ended with it. */
    joined: z.array(token).max(100).optional(),
  }),
  example: { session: examples.session, turn: examples.turn, arrival: 7, status: "done" },
});
