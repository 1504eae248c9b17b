import { z } from "zod";
import { defineRequest } from "../define.ts";
import { exampleMessage } from "../turn/examples.ts";
import { storedMessage } from "../turn/message.ts";
import { examples, token } from "../values.ts";

/** Messages that one turn may take in; what comes beyond waits for a turn of its own. */
export const MAX_JOINED = 100;

/** Which waiting messages join a running turn before its next model request; at most ~64 KB of them in one turn. */
export const readJoiningRequest = defineRequest({
  id: "dispatcher.request.read-joining",
  summary: "Ask which waiting messages join a turn",
  request: z.object({
    session: token,
    turn: token,
    /** Those that joined before. */
    joined: z.array(token).max(MAX_JOINED),
    /** Whether the model was asked already: then only those that steer join. */
    hasBegun: z.boolean(),
  }),
  reply: z.object({ messages: z.array(storedMessage) }),
  example: {
    request: { session: examples.session, turn: examples.turn, joined: [], hasBegun: true },
    reply: { messages: [{ ...exampleMessage, mode: "steer" }] },
  },
});
