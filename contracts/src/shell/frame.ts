import { z } from "zod";
import { change } from "../file/written.event.ts";
import { errorBody } from "../errors.ts";
import { MAX_TEXT_LENGTH, queueMode } from "../turn/message.ts";
import { token } from "../values.ts";
import { cursor, sessionEvent } from "./session-event.ts";

/** What a shell may say on `/api/v1/ws`. `ref` comes back in the answer. */
export const clientFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("send"),
    ref: z.string().max(80),
    text: z.string().min(1).max(MAX_TEXT_LENGTH),
    session: token.optional(),
    idempotencyKey: z.string().min(1).max(200),
    mode: queueMode.optional(),
    /** The app whose words these are, where they are not the owner's own. */
    app: token.optional(),
  }),
  z.object({ type: z.literal("stop"), ref: z.string().max(80), session: token }),
  /** Session events after a cursor (or from the running turn on), then live. */
  z.object({ type: z.literal("watch-session"), ref: z.string().max(80), session: token, after: cursor.optional() }),
  z.object({ type: z.literal("unwatch-session"), ref: z.string().max(80), session: token }),
  /** Changes of the home after a number (or from now on), then live. */
  z.object({
    type: z.literal("watch-files"),
    ref: z.string().max(80),
    after: z.number().int().nonnegative().optional(),
  }),
  z.object({ type: z.literal("ping"), ref: z.string().max(80) }),
]);

/** What the gateway says on `/api/v1/ws`. Session events and file changes carry the numbers to resume from. */
export const serverFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    version: z.string(),
    model: z.string(),
    rehearsal: z.boolean(),
    newestFileSeq: z.number().int().nonnegative(),
  }),
  z.object({ type: z.literal("accepted"), ref: z.string(), session: token, message: token, duplicate: z.boolean() }),
  z.object({ type: z.literal("done"), ref: z.string() }),
  z.object({ type: z.literal("refused"), ref: z.string(), error: errorBody }),
  z.object({ type: z.literal("session-event"), event: sessionEvent }),
  /** A message waits behind the running turn of its session. */
  z.object({ type: z.literal("queued"), session: token, message: token, text: z.string() }),
  z.object({
    type: z.literal("delta"),
    session: token,
    turn: token,
    step: z.number().int(),
    number: z.number().int(),
    text: z.string(),
  }),
  /** Sent for every session, watched or not, so that a list can redraw. */
  z.object({ type: z.literal("session-changed"), session: token, state: z.enum(["running", "idle"]) }),
  /** Another model answers from now on. */
  z.object({ type: z.literal("model-changed"), model: z.string(), rehearsal: z.boolean() }),
  /** An answer could not be delivered to its chat and was given up; the session has it. */
  z.object({
    type: z.literal("reply-undelivered"),
    session: token,
    turn: token,
    channel: token,
    error: errorBody,
  }),
  /** What waits for the owner's approval changed: list it again. */
  z.object({ type: z.literal("approvals-changed"), session: token }),
  z.object({ type: z.literal("files-changed"), change }),
  /** Changes were lost to age: look at the files again, then watch from `newest`. */
  z.object({ type: z.literal("files-gap"), newest: z.number().int().nonnegative() }),
]);

/** A frame from a shell. */
export type ClientFrame = z.infer<typeof clientFrame>;
/** A frame to a shell. */
export type ServerFrame = z.infer<typeof serverFrame>;
