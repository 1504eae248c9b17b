import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { examples, origin, token } from "../values.ts";
import { processView, returned, toProcessText } from "./process.ts";

const request = z.object({ process: token, origin });
const reply = z.object({ view: processView, returned: returned.optional() });

/** Kills a command with all that it started; what it has changed is still written back. One that has ended stays as it is. Errors: `not-found`. */
export const stopProcessRequest = defineRequest({
  id: "tools.request.stop-process",
  summary: "Stop a command",
  timeoutMs: 60_000,
  request,
  reply,
  example: {
    request: { process: "p_1", origin: { actor: "kernel" } },
    reply: {
      view: {
        process: "p_1",
        command: "npm run watch",
        folder: "apps/water",
        background: true,
        state: "stopped",
        outputBytes: 9,
        startedAt: examples.at,
        durationMs: 900,
      },
    },
  },
  tool: defineTool({
    name: "stop_process",
    description: "Stop a background command and everything it started.",
    class: "idempotent",
    input: z.object({ process: token }),
    toRequest: ({ process }, from) => ({ process, origin: from }),
    toText: (done: z.infer<typeof reply>) => toProcessText(done.view, done.returned),
    toAction: () => ({ do: "end" }),
    toLabel: ({ process }) => process,
  }),
});
