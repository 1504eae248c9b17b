import { z } from "zod";
import { defineControl } from "../define.ts";
import { examples, token } from "../values.ts";

/** Tells the worker that holds a session (key) to stop these turns now; the open marker says the same durably. */
export const stopControl = defineControl({
  id: "kernel.control.stop",
  summary: "Stop a session's turns now",
  body: z.object({ session: token, turns: z.array(token) }),
  example: { session: examples.session, turns: [examples.turn] },
});
