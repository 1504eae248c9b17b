import { z } from "zod";
import { type RequestContract, defineRequest } from "../define.ts";
import { errorBody } from "../errors.ts";
import { replyTarget, turnStatus } from "../turn/message.ts";
import { examples, token } from "../values.ts";

const request = z.object({
  /** The same key again is the same message: what the platform offers against repeats is fed with it. */
  key: z.string().max(100),
  session: token,
  to: replyTarget,
  text: z.string(),
  /** How the turn ended, with its last part. A failure has no words yet: the channel makes them. */
  status: turnStatus.optional(),
  error: errorBody.optional(),
});

const reply = z.object({ nativeId: z.string().max(500) });

/** Hands one part of an answer to a channel. */
export type DeliverRequest = RequestContract<z.infer<typeof request>, z.infer<typeof reply>>;

/**
 * The request that hands a part of an answer to a channel; every channel service answers its own. Errors: `rejected` when it can
 * never be delivered (the chat is gone), `unavailable` when it may be later.
 */
export function toDeliverRequest(channel: string): DeliverRequest {
  return defineRequest({
    id: `${channel}.request.deliver`,
    summary: "Send a part of an answer to a chat",
    timeoutMs: 30_000,
    request,
    reply,
    example: {
      request: {
        key: `${examples.turn}.1`,
        session: examples.session,
        to: { channel: "telegram", account: "bot", chat: "42", maxTextLength: 4_096 },
        text: "Hello.",
        status: "done",
      },
      reply: { nativeId: "1001" },
    },
  });
}

/** The same of every channel; its subject holds a wildcard and is no place to send to. */
export const anyDeliverRequest = toDeliverRequest("*");
