import { z } from "zod";
import { defineRequest } from "../define.ts";
import { exampleSession } from "../turn/examples.ts";
import { sessionFile } from "../turn/message.ts";
import { token } from "../values.ts";

/** A session with what is going on in it. */
export const sessionInfo = sessionFile.extend({
  /** Open turns: the first runs (or may run), the others wait. */
  open: z.array(z.object({ turn: token, arrival: z.number().int().positive() })),
  lastStatus: z.enum(["done", "failed", "stopped"]).optional(),
  messageCount: z.number().int().nonnegative(),
});

const request = z.object({
  /** Only this session; `not-found` when it does not exist. */
  session: token.optional(),
  limit: z.number().int().min(1).max(200).default(100),
  /** Sessions last changed before this moment (ISO 8601). */
  before: z.iso.datetime().optional(),
});

/** Sessions, the last changed first. */
export const listSessionsRequest = defineRequest({
  id: "file.request.list-sessions",
  summary: "List sessions, the last changed first",
  request,
  reply: z.object({ sessions: z.array(sessionInfo), more: z.boolean() }),
  example: {
    request: { limit: 100 },
    reply: { sessions: [{ ...exampleSession, open: [], lastStatus: "done", messageCount: 2 }], more: false },
  },
});

/** A session with what is going on in it. */
export type SessionInfo = z.infer<typeof sessionInfo>;
