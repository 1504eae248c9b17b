import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples, token } from "../values.ts";

/**
 * Takes a message back that nobody was told about: it was stored, but its doorbell can't be kept. Only while its turn has not
 * begun, can't have joined another, and no redelivery was answered; `withdrawn: false` means that it stays accepted.
 */
export const withdrawMessageRequest = defineRequest({
  id: "file.request.withdraw-message",
  summary: "Take back a message that could not be accepted",
  request: z.object({ key: token }),
  reply: z.object({ withdrawn: z.boolean() }),
  example: { request: { key: examples.turn }, reply: { withdrawn: true } },
});
