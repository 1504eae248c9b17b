import { z } from "zod";
import { errorBody } from "../errors.ts";
import { noticeCode, step, turnStatus } from "../turn/message.ts";
import { questionWords, verdict } from "../policy/question.ts";
import { examples, instant, token } from "../values.ts";

/** `<arrival>.<n>`: the place of an event in its session. Later events have greater cursors, compared number by number. */
export const cursor = z.string().regex(/^\d+\.\d+$/, "must look like 12.3");

const base = { cursor, session: token, turn: token, at: instant };

/** What a shell shows of a session, each derived from one durable journal line, so that it can be replayed exactly. */
export const sessionEvent = z.discriminatedUnion("type", [
  z.object({ ...base, type: z.literal("message"), id: z.string(), role: z.literal("user"), text: z.string() }),
  z.object({ ...base, type: z.literal("text"), step: z.number().int().positive(), text: z.string() }),
  z.object({ ...base, type: z.literal("step"), ...step.shape }),
  z.object({ ...base, type: z.literal("notice"), code: noticeCode, message: z.string() }),
  /** The turn waits for the owner; the words are the system's. */
  z.object({
    ...base,
    type: z.literal("ask"),
    ask: token,
    call: z.string(),
    tool: z.string(),
    words: questionWords,
    expiresAt: instant,
  }),
  z.object({ ...base, type: z.literal("answered"), ask: token, call: z.string(), verdict }),
  z.object({ ...base, type: z.literal("retry"), attempt: z.number().int(), error: errorBody }),
  z.object({
    ...base,
    type: z.literal("finished"),
    status: turnStatus,
    id: z.string(),
    text: z.string(),
    error: errorBody.optional(),
  }),
]);

/** What a shell shows of a session. */
export type SessionEvent = z.infer<typeof sessionEvent>;

/** A tool call that runs. */
export const exampleSessionEvent: SessionEvent = {
  type: "step",
  cursor: "7.4",
  session: examples.session,
  turn: examples.turn,
  at: examples.at,
  call: "call_1",
  tool: "write_file",
  label: "apps/water/index.html",
  state: "running",
};

/** Orders two cursors: negative when `a` is before `b`. */
export function compareCursors(a: string, b: string): number {
  const [arrivalA = 0, lineA = 0] = a.split(".").map(Number);
  const [arrivalB = 0, lineB = 0] = b.split(".").map(Number);
  return arrivalA - arrivalB || lineA - lineB;
}
