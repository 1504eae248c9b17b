import { type ActivityPage, readActivityRoute } from "@matrix-os/contracts/api/status";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { toMoment, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";

/** Shows what the system did lately. 1 when somebody has changed the log. */
export async function activity(cli: Cli, query: { readonly limit?: string }): Promise<ExitCode> {
  const page = await cli.api.call(readActivityRoute, { query });
  showResult(cli, page, ({ lines }) => toActivityTable(lines, cli.terminal.out, new Date()));
  if (page.verified) return exitCodes.done;
  if (!cli.json)
    cli.terminal.note(cli.terminal.err.red("The log's hash chain is broken: somebody has changed these files."));
  return exitCodes.failed;
}

/** The activity log as a table. */
export function toActivityTable(lines: ActivityPage["lines"], paint: Paint, now: Date): string {
  if (lines.length === 0) return "Nothing has happened yet.\n";
  return toTable(
    lines.map(({ at, service, kind, summary }) => [
      toMoment(at, now),
      paint.name(service),
      kind === "problem" ? paint.red(kind) : kind,
      paint.name(summary),
    ]),
  );
}
