import { z } from "zod";
import { defineRequest, defineTool } from "../define.ts";
import { examples, homePath, origin } from "../values.ts";
import { processView, returned, toProcessText } from "./process.ts";

/** Where a command runs that names no folder. */
const SCRATCH_FOLDER = "data/scratch";
/** Longer commands run in the background: an answer must come within five minutes. */
const MAX_WAIT_SECONDS = 240;
const MAX_BACKGROUND_SECONDS = 3_600;

const command = z.union([
  z.string().min(1).max(20_000),
  z.array(z.string().max(20_000)).min(1).max(200).describe("Program and arguments, without a shell."),
]);

const request = z
  .object({
    command,
    folder: homePath.default(SCRATCH_FOLDER),
    background: z.boolean().default(false),
    timeoutSeconds: z.number().int().min(1).max(MAX_BACKGROUND_SECONDS).optional(),
    origin,
  })
  .refine(({ background, timeoutSeconds }) => background || (timeoutSeconds ?? 0) <= MAX_WAIT_SECONDS, {
    message: `at most ${MAX_WAIT_SECONDS}; longer commands run in the background`,
    path: ["timeoutSeconds"],
  });

const reply = z.object({
  view: processView,
  /** Standard output and error as they came; of long output the beginning and the end. */
  output: z.string(),
  /** Not set while it runs. */
  returned: returned.optional(),
});

const input = z.object({
  command,
  folder: homePath.optional(),
  background: z.boolean().optional(),
  timeoutSeconds: z.number().int().min(1).max(MAX_BACKGROUND_SECONDS).optional(),
});

/**
 * Runs a command in a sandbox that holds nothing but a copy of one folder of the home; what it changed there is written back
 * as one change. Errors: `no-sandbox`, `busy`, `conflict` (a command runs in that folder already), `not-found` (the folder).
 */
export const runCommandRequest = defineRequest({
  id: "tools.request.run-command",
  summary: "Run a command in the sandbox",
  timeoutMs: 290_000,
  request,
  reply,
  example: {
    request: { command: "npm test", folder: "apps/water", background: false, origin: { actor: "kernel" } },
    reply: {
      view: {
        process: "p_1",
        command: "npm test",
        folder: "apps/water",
        background: false,
        state: "exited",
        exitCode: 0,
        outputBytes: 3,
        startedAt: examples.at,
        durationMs: 900,
      },
      output: "ok\n",
      returned: { applied: true, changed: ["apps/water/report.txt"], changedCount: 1, conflicts: [], refused: [] },
    },
  },
  tool: defineTool({
    name: "run_command",
    description:
      "Run a shell command (text) or a program (list of arguments) in a sandbox. It sees only a copy of `folder` of the home, as /work; what it changes there is written back when it ends. No network unless the owner's policy allows hosts. At most 240 s, or `background` and read_process.",
    class: "unsafe",
    input,
    toRequest: ({ command: given, folder, background, timeoutSeconds }, from) => ({
      command: given,
      folder: folder ?? SCRATCH_FOLDER,
      background: background ?? false,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      origin: from,
    }),
    toText: (done: z.infer<typeof reply>) => `${done.output}\n${toProcessText(done.view, done.returned)}`.trimStart(),
    toAction: ({ command: given, folder }) => ({
      do: "run",
      command: typeof given === "string" ? given : JSON.stringify(given),
      folder: folder ?? SCRATCH_FOLDER,
      hosts: [],
    }),
    toLabel: ({ command: given }) => (typeof given === "string" ? given : given.join(" ")).slice(0, 80),
  }),
});
