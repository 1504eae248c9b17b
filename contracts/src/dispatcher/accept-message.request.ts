import { z } from "zod";
import { defineRequest } from "../define.ts";
import { incomingMessage } from "../turn/message.ts";
import { examples, token } from "../values.ts";

const request = z.object({
  /** What the platform (or the client's idempotency key) calls this message inside its chat. */
  nativeId: z.string().min(1).max(200),
  session: token.optional(),
  message: incomingMessage,
});

const reply = z.object({ session: token, key: token, arrival: z.number().int().positive(), duplicate: z.boolean() });

/** Accepts a message: when it answers, the message is kept and will be answered or visibly failed. Redelivery finds the same turn. */
export const acceptMessageRequest = defineRequest({
  id: "dispatcher.request.accept-message",
  summary: "Accept a message for good",
  timeoutMs: 10_000,
  request,
  reply,
  example: {
    request: {
      nativeId: "k-1",
      message: { text: "hello", sender: "owner", replyTo: { channel: "web", account: "owner", chat: "main" } },
    },
    reply: { session: examples.session, key: examples.turn, arrival: 7, duplicate: false },
  },
});
