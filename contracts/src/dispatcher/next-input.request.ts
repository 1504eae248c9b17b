import { z } from "zod";
import { defineRequest } from "../define.ts";
import { exampleMessage } from "../turn/examples.ts";
import { storedMessage } from "../turn/message.ts";
import { examples, token } from "../values.ts";

/** What a session should work on now: its oldest unfinished message, or nothing. */
export const nextInputRequest = defineRequest({
  id: "dispatcher.request.next-input",
  summary: "Ask for a session's next input",
  request: z.object({ session: token }),
  reply: z.object({
    input: storedMessage.optional(),
    /** Others wait that may join its turn: ask `dispatcher.request.read-joining`. */
    othersMayJoin: z.boolean().optional(),
  }),
  example: { request: { session: examples.session }, reply: { input: exampleMessage } },
});
