import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { examples, token } from "../values.ts";
import { processView, returned, toProcessText } from "./process.ts";

const request = z.object({ process: token, offset: z.number().int().nonnegative().default(0) });

const reply = z.object({
  view: processView,
  output: z.string(),
  /** Where the next part begins, in bytes. */
  nextOffset: z.number().int().nonnegative(),
  returned: returned.optional(),
});

/** Output of a command from an offset on, and how it stands. Errors: `not-found`. */
export const readProcessRequest = defineRequest({
  id: "tools.request.read-process",
  summary: "Read a command's output and state",
  request,
  reply,
  example: {
    request: { process: "p_1", offset: 0 },
    reply: {
      view: {
        process: "p_1",
        command: "npm run build",
        folder: "apps/water",
        background: true,
        state: "running",
        outputBytes: 9,
        startedAt: examples.at,
        durationMs: 900,
      },
      output: "building\n",
      nextOffset: 9,
    },
  },
  tool: defineTool({
    name: "read_process",
    description: "Read the output of a background command from `offset` (bytes) on, its state and exit code.",
    class: "pure",
    input: z.object({ process: token, offset: z.number().int().nonnegative().optional() }),
    toRequest: ({ process, offset }) => ({ process, offset: offset ?? 0 }),
    toText: (part: z.infer<typeof reply>) =>
      `${part.output}\n${toProcessText(part.view, part.returned)} next offset ${part.nextOffset}`.trimStart(),
    toAction: () => ({ do: "read" }),
    // What it had before it is not known here any more.
    toTaint: () => ["file" as const],
    toLabel: ({ process }) => process,
  }),
});
