import { z } from "zod";
import { errorBody } from "../errors.ts";
import { cursor } from "../shell/session-event.ts";
import { step } from "../turn/message.ts";
import { instant, token } from "../values.ts";
import { defineRoute } from "./route.ts";

/** `queued`: accepted, no worker has begun; `failed`: idle, and the last turn failed (it can be retried). */
export const sessionState = z.enum(["running", "queued", "idle", "failed"]);

const sessionSummary = z.object({
  id: token,
  title: z.string(),
  state: sessionState,
  channel: token,
  createdAt: instant,
  updatedAt: instant,
  messageCount: z.number().int().nonnegative(),
});

/** A message as people see it. Those of unfinished turns have the status `queued` or `running`. */
export const sessionMessage = z.object({
  id: z.string(),
  turn: token,
  role: z.enum(["user", "assistant"]),
  text: z.string(),
  steps: z.array(step),
  at: instant,
  status: z.enum(["queued", "running", "done", "failed", "stopped"]).optional(),
  error: errorBody.optional(),
});

const session = z.object({
  id: token,
  title: z.string(),
  state: sessionState,
  messages: z.array(sessionMessage),
  /** Place of the first of `messages` among the finished ones, and how many of these there are: read on with `?from=`. */
  from: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** Pass it as `after` to the events to go on exactly where this answer ends; not set in an empty session. */
  cursor: cursor.optional(),
});

/** Sessions, the last changed first. */
export const listSessionsRoute = defineRoute({
  method: "GET",
  path: "/sessions",
  summary: "List sessions, the last changed first",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** Sessions last changed before this moment (`updatedAt` of the last one listed). */
    before: instant.optional(),
  }),
  reply: z.object({ sessions: z.array(sessionSummary), more: z.boolean() }),
});

/** One session with its newest messages, what is running included. `from` (from the end when negative) pages through older ones. */
export const readSessionRoute = defineRoute({
  method: "GET",
  path: "/sessions/:session",
  summary: "Read a session",
  query: z.object({ from: z.coerce.number().int().optional() }),
  reply: session,
});

/**
 * Server-sent events. Each durable event has `id: <cursor>`, `event: <type>` and a `SessionEvent` as data; text on its way comes as
 * `event: delta` without an id. Resumes after the header `Last-Event-ID` or `?after=`. Never ends by itself.
 */
export const watchSessionRoute = defineRoute({
  method: "GET",
  path: "/sessions/:session/events",
  summary: "Follow a session (server-sent events)",
  query: z.object({ after: cursor.optional() }),
});

/** Stops what runs and what waits; answers the turns that will end as `stopped`. */
export const stopSessionRoute = defineRoute({
  method: "POST",
  path: "/sessions/:session/stop",
  summary: "Stop what a session is doing",
  reply: z.object({ turns: z.array(token) }),
});

/** Sends the text of the last turn again, once for each failed turn. Errors: `conflict` when the last turn did not fail. */
export const retrySessionRoute = defineRoute({
  method: "POST",
  path: "/sessions/:session/retry",
  summary: "Try the failed last turn again",
  reply: z.object({ session: token, message: token, duplicate: z.boolean() }),
  status: 202,
});

/** What a session is doing. */
export type SessionState = z.infer<typeof sessionState>;
/** A session in a list. */
export type SessionSummary = z.infer<typeof sessionSummary>;
/** A message as people see it. */
export type SessionMessage = z.infer<typeof sessionMessage>;
/** A session with messages. */
export type Session = z.infer<typeof session>;
