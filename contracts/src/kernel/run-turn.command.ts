import { z } from "zod";
import { defineCommand } from "../define.ts";
import { examples, token } from "../values.ts";

/** The doorbell of a session (key: the session): there is work. The un-acked doorbell is the session's turn; ringing twice is once. */
export const runTurnCommand = defineCommand({
  id: "kernel.command.run-turn",
  summary: "A session has work",
  body: z.object({ session: token }),
  example: { session: examples.session },
});
