import { z } from "zod";
import { errorBody } from "../errors.ts";
import { examples, instant, token } from "../values.ts";
import { replyTarget, turnStatus } from "./message.ts";

/** A part of an answer, cut to what its channel takes. Its words for a failure are made by the channel. */
export const outboxPart = z.object({
  to: replyTarget,
  n: z.number().int().positive(),
  text: z.string(),
  /** On the last part: how the turn ended. */
  status: turnStatus.optional(),
  error: errorBody.optional(),
});

/** A part as its outbox file keeps it until it is sent or given up. */
export const storedPart = outboxPart.extend({
  session: token,
  turn: token,
  /** Orders the parts of all turns. */
  seq: z.number().int().positive(),
  at: instant,
});

/** What came of a part. */
export const partOutcome = z.discriminatedUnion("kind", [
  /** `nativeId` is what the platform calls the message. */
  z.object({ kind: z.literal("sent"), nativeId: z.string().max(500) }),
  z.object({ kind: z.literal("dead"), error: errorBody }),
]);

/** A part of an answer. */
export type OutboxPart = z.infer<typeof outboxPart>;
/** A part that waits to be sent. */
export type StoredPart = z.infer<typeof storedPart>;
/** What came of a part. */
export type PartOutcome = z.infer<typeof partOutcome>;

/** A part that waits. */
export const examplePart: StoredPart = {
  to: { channel: "telegram", account: "bot", chat: "42", maxTextLength: 4_096 },
  n: 1,
  text: "Hello.",
  status: "done",
  session: examples.session,
  turn: examples.turn,
  seq: 3,
  at: examples.at,
};
