import { z } from "zod";
import { defineEvent } from "../define.ts";
import { errorBody } from "../errors.ts";
import { examples, token } from "../values.ts";

/** A part of an answer could not be delivered and was given up (key: the session). The answer itself is in the transcript. */
export const replyUndeliveredEvent = defineEvent({
  id: "dispatcher.event.reply-undelivered",
  summary: "An answer could not be delivered",
  body: z.object({ session: token, turn: token, channel: token, error: errorBody }),
  example: {
    session: examples.session,
    turn: examples.turn,
    channel: "telegram",
    error: { kind: "rejected", code: "not-found", message: "the chat is gone" },
  },
});
