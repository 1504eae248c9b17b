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
  return done.paths.length === 0 && done.conflicts.length + done.withheld.length > 0
    ? exitCodes.failed
    : exitCodes.done;
}

/** The history as a table; entries that were taken back are marked. */
export function toHistoryTable(entries: History["entries"], paint: Paint, now: Date): string {
  if (entries.length === 0) return "Nothing has changed yet.\n";
  return toTable(
    entries.map((entry) => [
      entry.id,
      toMoment(entry.at, now),
      paint.name(entry.origin.actor),
      paint.name(toPlace(entry)),
      entry.state === "undone" ? paint.dim(`${paint.name(entry.summary)} (undone)`) : paint.name(entry.summary),
    ]),
  );
}

/** The one path, or how many there are in the folder that holds them all. */
function toPlace({ paths, pathCount }: History["entries"][number]): string {
  const [first, ...others] = paths.map(({ path }) => path.split("/"));
  if (first === undefined) return pathCount === 1 ? "1 file" : `${pathCount} files`;
  if (others.length === 0) return first.join("/");
  const shared = first.findIndex((name, at) => others.some((other) => other[at] !== name));
  const folder = first.slice(0, shared < 0 ? -1 : shared).join("/");
  return folder === "" ? `${pathCount} files` : `${folder}/ (${pathCount} files)`;
}

/** What an undo or redo did, path by path. */
export function toReversal(done: Undone, direction: "undo" | "redo", paint: Paint): string {
  const heading = `${direction === "undo" ? "Took back" : "Brought back"}: ${paint.name(done.summary)}\n`;
  const paths = done.paths.map(({ kind, path }) => `  ${kind} ${paint.name(path)}\n`);
  const left = [
    ...done.conflicts.map((path) => `left alone, changed since: ${paint.name(path)}`),
    ...done.withheld.map(
      (path) => `left alone, its earlier content held a secret and was not kept: ${paint.name(path)}`,
    ),
  ].map((line) => `${paint.yellow(`  ${line}`)}\n`);
  return heading + paths.join("") + left.join("");
}
