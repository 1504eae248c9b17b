import { z } from "zod";
import { defineRequest } from "../define.ts";
import { token } from "../values.ts";

/**
 * Makes the caller the one that leads a role, under a new epoch (fsynced): led writes with an older epoch are refused from now on.
 * A lease on the bus decides who asks; this decides whose writes count.
 */
export const takeLeadRequest = defineRequest({
  id: "file.request.take-lead",
  summary: "Lead a role under a new epoch",
  request: z.object({ role: token, owner: z.string().max(100) }),
  reply: z.object({ epoch: z.number().int().positive() }),
  example: { request: { role: "dispatcher", owner: "dispatcher@host.7" }, reply: { epoch: 3 } },
});
