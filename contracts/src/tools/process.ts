import { z } from "zod";
import { homeFolder, instant, token } from "../values.ts";

/** Bytes that one reply may carry of a command's output. */
export const MAX_OUTPUT_PART_BYTES = 64_000;

/** How a command stands, or why it ended. */
export const processState = z.enum([
  "running",
  "exited",
  /** By the owner, by `stop_process`, or because the service ended. */
  "stopped",
  "timed-out",
  "over-memory",
  "over-output",
  "over-disk",
]);

/** A command that runs or ran; forgotten when the service ends. */
export const processView = z.object({
  process: token,
  command: z.string(),
  folder: homeFolder,
  background: z.boolean(),
  session: token.optional(),
  state: processState,
  /** Not set while it runs, and when a signal ended it. */
  exitCode: z.number().int().optional(),
  outputBytes: z.number().int().nonnegative(),
  startedAt: instant,
  durationMs: z.number().nonnegative(),
});

/** What a command did to the home, once its folder was returned as one change-set. */
export const returned = z.object({
  /** False: nothing was written, see `conflicts`. */
  applied: z.boolean(),
  /** Paths inside the home; at most 200 are listed. */
  changed: z.array(z.string()),
  changedCount: z.number().int().nonnegative(),
  conflicts: z.array(z.string()),
  refused: z.array(z.object({ path: z.string(), why: z.string() })),
});

/** How a command stands. */
export type ProcessView = z.infer<typeof processView>;
/** What a command did to the home. */
export type Returned = z.infer<typeof returned>;

/** A command's state and effects as lines for the model. */
export function toProcessText(view: ProcessView, effects: Returned | undefined): string {
  const code = view.exitCode === undefined ? "" : ` with code ${view.exitCode}`;
  const state = `[${view.process}: ${view.state}${code} after ${(view.durationMs / 1_000).toFixed(1)} s]`;
  return [state, ...(effects === undefined ? [] : toEffectLines(effects))].join("\n");
}

function toEffectLines({ applied, changed, changedCount, conflicts, refused }: Returned): string[] {
  const more = changedCount > changed.length ? ` and ${changedCount - changed.length} more` : "";
  return [
    ...(changedCount > 0 ? [`changed: ${changed.join(", ")}${more}`] : []),
    ...(applied ? [] : ["NOTHING was written to the home."]),
    ...(conflicts.length > 0 ? [`changed by others meanwhile: ${conflicts.join(", ")}`] : []),
    ...refused.map(({ path, why }) => `refused ${path}: ${why}`),
  ];
}
