import { z } from "zod";
import { MAX_TEXT_LENGTH, queueMode } from "../turn/message.ts";
import { token } from "../values.ts";
import { defineRoute } from "./route.ts";

const body = z.object({
  text: z.string().min(1).max(MAX_TEXT_LENGTH),
  /** Without it a new session begins. */
  session: token.optional(),
  /** The same key again is the same message; the header `Idempotency-Key` says the same. */
  idempotencyKey: z.string().min(1).max(200).optional(),
  /** What it does while a turn of its session runs; not set: what the owner's settings say. */
  mode: queueMode.optional(),
  /** The app whose words these are, where they are not the owner's own. */
  app: token.optional(),
});

const accepted = z.object({
  session: token,
  /** Also the name of the message's turn. */
  message: token,
  duplicate: z.boolean(),
});

/** Hands in a message. 202: it is kept for good and will be answered or visibly failed. 429: 100 messages of its session wait already. */
export const sendMessageRoute = defineRoute({
  method: "POST",
  path: "/messages",
  summary: "Send a message",
  body,
  reply: accepted,
  status: 202,
});

/** What a client sends. */
export type SendMessageBody = z.infer<typeof body>;
/** A message that is kept. */
export type AcceptedMessage = z.infer<typeof accepted>;
