import { z } from "zod";
import { defineRequest } from "../define.ts";
import { examples } from "../values.ts";
import { processView } from "./process.ts";

/** The commands that run, and those that ended lately, newest first. */
export const listProcessesRequest = defineRequest({
  id: "tools.request.list-processes",
  summary: "List commands",
  request: z.object({}),
  reply: z.object({ processes: z.array(processView) }),
  example: {
    request: {},
    reply: {
      processes: [
        {
          process: "p_1",
          command: "npm run build",
          folder: "apps/water",
          background: true,
          state: "running",
          outputBytes: 9,
          startedAt: examples.at,
          durationMs: 900,
        },
      ],
    },
  },
});
