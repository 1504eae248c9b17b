import { z } from "zod";
import { defineRequest } from "../define.ts";
import { incomingMessage } from "../turn/message.ts";
import { examples, token } from "../values.ts";

const request = z.object({
  key: token,
  /** The session to use; the caller makes a new identifier for a new session. */
  session: token,
  message: incomingMessage,
});

const reply = z.object({
  /** The session of the first delivery, also when this one named another. */
  session: token,
  arrival: z.number().int().positive(),
  duplicate: z.boolean(),
  /** Turns that this message interrupts: they are marked as to be stopped. */
  interrupted: z.array(token).optional(),
});

/**
 * Barrier 1: when it answers, the message is an fsynced inbox file with an arrival number and an open marker.
 * The same key again answers the first arrival. Errors: `disk-full`, `disk-failed`, `busy` (too many wait).
 */
export const storeMessageRequest = defineRequest({
  id: "file.request.store-message",
  summary: "Keep an accepted message for good",
  request,
  reply,
  example: {
    request: {
      key: examples.turn,
      session: examples.session,
      message: {
        text: "hello",
        sender: "owner",
        replyTo: { channel: "web", account: "owner", chat: examples.session },
      },
    },
    reply: { session: examples.session, arrival: 7, duplicate: false },
  },
});
