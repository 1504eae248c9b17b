import { z } from "zod";
import { defineRequest } from "../define.ts";
import { activityPlace } from "./read-activity.request.ts";

/** The activity log's lines as they stand in its files, after a place, a page at a time; without `next` there are no more. */
export const exportActivityRequest = defineRequest({
  id: "file.request.export-activity",
  summary: "Export the activity log",
  request: z.object({ after: activityPlace.optional() }),
  reply: z.object({ lines: z.array(z.string()), next: activityPlace.optional() }),
  example: { request: {}, reply: { lines: ['{"kind":"turn","prev":""}'], next: "2026-11-24.1" } },
});
