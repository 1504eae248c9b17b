import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examplePart, storedPart } from "../turn/outbox.ts";

/** Parts of answers that are neither sent nor given up, in the order they were written; at most ~200 KB. */
export const listOutboxRequest = defineRequest({
  id: "file.request.list-outbox",
  summary: "List parts of answers that wait to be sent",
  request: z.object({
    afterSeq: z.number().int().nonnegative().default(0),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({ parts: z.array(storedPart), more: z.boolean() }),
  example: { request: { afterSeq: 0, limit: 50 }, reply: { parts: [examplePart], more: false } },
});
