import { z } from "zod";
import { defineEvent } from "../define.ts";
import { exampleMessage } from "../turn/examples.ts";
import { storedMessage } from "../turn/message.ts";

/** A message was accepted and waits for its turn; key: the session. */
export const messageAcceptedEvent = defineEvent({
  id: "dispatcher.event.message-accepted",
  summary: "A message was accepted",
  body: z.object({ message: storedMessage.omit({ context: true }) }),
  example: { message: exampleMessage },
});
