import { z } from "zod";
import { defineControl } from "../define.ts";
import { examples, token } from "../values.ts";

/** Kills the commands of a session's (key) turns now; without turns, all of the session, those in the background too. */
export const stopCommandsControl = defineControl({
  id: "tools.control.stop",
  summary: "Kill a session's commands now",
  body: z.object({ session: token, turns: z.array(token) }),
  example: { session: examples.session, turns: [examples.turn] },
});
