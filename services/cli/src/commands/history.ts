import { type History, readHistoryRoute, redoRoute, type Undone, undoRoute } from "@matrix-os/contracts/api/history";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { toMoment, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";

/** Lists what changed the home, newest first. */
export async function listHistory(
  cli: Cli,
  query: { readonly limit?: string; readonly before?: string; readonly path?: string },
): Promise<ExitCode> {
  const page = await cli.api.call(readHistoryRoute, { query });
  showResult(cli, page, ({ entries }) => toHistoryTable(entries, cli.terminal.out, new Date()));
  const last = page.entries.at(-1);
  if (page.more && last && !cli.json)
    cli.terminal.note(cli.terminal.err.dim(`Older ones: matrixos history --before ${last.id}`));
  return exitCodes.done;
}

/** Takes an entry of the history back, or brings it back: the given one, else the newest. 1 when nothing could be changed. */
export async function reverse(cli: Cli, direction: "undo" | "redo", entry: string | undefined): Promise<ExitCode> {
  const route = direction === "undo" ? undoRoute : redoRoute;
  const done = await cli.api.call(route, { body: entry === undefined ? {} : { entry } });
  showResult(cli, done, () => toReversal(done, direction, cli.terminal.out));
  return done.paths.length === 0 && done.conflicts.length > 0 ? exitCodes.failed : exitCodes.done;
}

/** The history as a table; entries that were taken back are marked. */
export function toHistoryTable(entries: History["entries"], paint: Paint, now: Date): string {
  if (entries.length === 0) return "Nothing has changed yet.\n";
  return toTable(
    entries.map(({ id, at, origin, summary, pathCount, state }) => [
      id,
      toMoment(at, now),
      paint.name(origin.actor),
      pathCount === 1 ? "1 file" : `${pathCount} files`,
      state === "undone" ? paint.dim(`${paint.name(summary)} (undone)`) : paint.name(summary),
    ]),
  );
}

/** What an undo or redo did, path by path. */
export function toReversal(done: Undone, direction: "undo" | "redo", paint: Paint): string {
  const heading = `${direction === "undo" ? "Took back" : "Brought back"}: ${paint.name(done.summary)}\n`;
  const paths = done.paths.map(({ kind, path }) => `  ${kind} ${paint.name(path)}\n`);
  const left = done.conflicts.map((path) => paint.yellow(`  left alone, changed since: ${paint.name(path)}`) + "\n");
  return heading + paths.join("") + left.join("");
}
