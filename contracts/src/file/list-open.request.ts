import { z } from "zod";
import { defineRequest } from "../define.ts";
import { exampleMessage } from "../turn/examples.ts";
import { storedMessage } from "../turn/message.ts";
import { token } from "../values.ts";

const openTurn = z.object({
  message: storedMessage,
  stopRequested: z.boolean(),
  openForMs: z.number().nonnegative(),
  /** Whether messages wait behind it that may join its turn. */
  othersMayJoin: z.boolean().optional(),
});

const request = z.object({
  session: token.optional(),
  /** Only the oldest of each session: what may run next. */
  heads: z.boolean().default(false),
  afterArrival: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(50).default(50),
});

/** Accepted messages whose turn has not ended, by arrival; at most ~200 KB, `more` tells that there are others. */
export const listOpenRequest = defineRequest({
  id: "file.request.list-open",
  summary: "List unfinished turns by arrival",
  request,
  reply: z.object({ open: z.array(openTurn), more: z.boolean() }),
  example: {
    request: { heads: false, afterArrival: 0, limit: 50 },
    reply: { open: [{ message: exampleMessage, stopRequested: false, openForMs: 12 }], more: false },
  },
});

/** An accepted message whose turn has not ended. */
export type OpenTurn = z.infer<typeof openTurn>;
