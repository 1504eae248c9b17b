import { z } from "zod";
import { defineRequest } from "../define.ts";
import { noUsage, usage } from "../turn/message.ts";

/** Adds to the usage of a day (`yyyy-mm-dd`, the owner's time zone) and answers its sum; adding nothing only reads. */
export const recordUsageRequest = defineRequest({
  id: "file.request.record-usage",
  summary: "Add to a day's usage and read its sum",
  request: z.object({ day: z.iso.date(), usage }),
  reply: z.object({ total: usage }),
  example: { request: { day: "2026-11-24", usage: noUsage }, reply: { total: noUsage } },
});
