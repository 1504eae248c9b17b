import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, token } from "../values.ts";

/** Marks all open turns of a session as to be stopped (fsynced, survives restarts) and names them. */
export const requestStopRequest = defineRequest({
  id: "file.request.request-stop",
  summary: "Mark a session's open turns as to be stopped",
  request: z.object({ session: token }),
  reply: z.object({ turns: z.array(token) }),
  example: { request: { session: examples.session }, reply: { turns: [examples.turn] } },
});
