import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, token } from "../values.ts";

/** Stops the running turn of a session and what waits behind it; the turns end as `stopped`. Errors: `not-found`. */
export const stopSessionRequest = defineRequest({
  id: "dispatcher.request.stop-session",
  summary: "Stop what a session is doing",
  request: z.object({ session: token }),
  reply: z.object({ turns: z.array(token) }),
  example: { request: { session: examples.session }, reply: { turns: [examples.turn] } },
});
