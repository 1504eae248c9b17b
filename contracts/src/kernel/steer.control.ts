import { z } from "zod";
import { defineControl } from "../define.ts";
import { examples, token } from "../values.ts";

/** Tells the worker that holds a session (key) that a message waits to join its turn; the inbox says the same durably. */
export const steerControl = defineControl({
  id: "kernel.control.steer",
  summary: "A message waits to join the running turn",
  body: z.object({ session: token }),
  example: { session: examples.session },
});
