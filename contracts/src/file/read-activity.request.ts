import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples } from "../values.ts";
import { activity } from "./record-activity.request.ts";

/** The newest lines of the activity log, oldest first, and whether the hash chain of the files read holds. */
export const readActivityRequest = defineRequest({
  id: "file.request.read-activity",
  summary: "Read the activity log",
  request: z.object({ limit: z.number().int().min(1).max(500).default(100) }),
  reply: z.object({ lines: z.array(activity), verified: z.boolean() }),
  example: {
    request: { limit: 100 },
    reply: { lines: [{ at: examples.at, service: "kernel", kind: "turn", summary: "turn done" }], verified: true },
  },
});
