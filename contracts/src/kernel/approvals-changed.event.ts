import { z } from "zod";
import { defineEvent } from "../define.ts";
import { examples, token } from "../values.ts";

/** A turn asks the owner, or took an answer (key: the session); which questions wait, the file service tells. */
export const approvalsChangedEvent = defineEvent({
  id: "kernel.event.approvals-changed",
  summary: "What waits for the owner has changed",
  body: z.object({ session: token, turn: token }),
  example: { session: examples.session, turn: examples.turn },
});
