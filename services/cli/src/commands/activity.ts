import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import {
  type ActivityPage,
  exportActivityRoute,
  readActivityRoute,
  verifyActivityRoute,
} from "@matrix-os/contracts/api/status";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { createBackOff } from "../http/back-off.ts";
import { isTemporary } from "../http/unreachable.ts";
import { toMoment, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";

const POLL_MS = 1_000;
const MOST_LINES = 500;

/** Which lines are wanted. */
export interface ActivityInput {
  readonly limit?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly follow?: boolean;
}

/** Shows what the system did lately; with `follow` also what comes, until Ctrl-C. 1 when somebody has changed the log. */
export async function activity(cli: Cli, { follow, ...query }: ActivityInput): Promise<ExitCode> {
  const page = await cli.api.call(readActivityRoute, { query: { ...query } });
  if (follow === true) return await followActivity(cli, { kind: query.kind }, page);
  showResult(cli, page, ({ lines }) => toActivityTable(lines, cli.terminal.out, new Date()));
  if (page.verified) return exitCodes.done;
  if (!cli.json)
    cli.terminal.note(cli.terminal.err.red("The log's hash chain is broken: somebody has changed these files."));
  return exitCodes.failed;
}

/** Checks the whole log against its chain and its kept end. 1 and the first wrong line when it was changed. */
export async function verifyActivity(cli: Cli): Promise<ExitCode> {
  const check = await cli.api.call(verifyActivityRoute, {});
  showResult(cli, check, ({ lines, days, broken }) =>
    broken === undefined
      ? `All ${lines} lines of ${days} days are as they were written.\n`
      : `The log was changed: ${broken.day} line ${broken.line} ${broken.reason}.\n`,
  );
  return check.broken === undefined ? exitCodes.done : exitCodes.failed;
}

/** Writes the whole log as JSON lines to standard output, or into a file that only its owner reads. */
export async function exportActivity(cli: Cli, { output }: { readonly output?: string }): Promise<ExitCode> {
  const body = await cli.api.open(exportActivityRoute);
  if (output !== undefined) await writeFile(output, body, { mode: 0o600 });
  else await pipeline(body, cli.streams.stdout, { end: false });
  return exitCodes.done;
}

async function followActivity(
  cli: Cli,
  query: { readonly kind?: string | undefined },
  first: ActivityPage,
): Promise<never> {
  const backOff = createBackOff(new AbortController().signal);
  for (let page = first, after = page.next; ;) {
    show(cli, page.lines);
    after = page.next ?? after;
    await sleep(POLL_MS);
    page = await cli.api
      .call(readActivityRoute, { query: { ...query, after, limit: MOST_LINES } })
      .catch(async (error: unknown) => {
        if (!isTemporary(error)) throw error;
        await backOff.wait(error);
        return { lines: [], verified: true, next: after };
      });
  }
}

function show(cli: Cli, lines: ActivityPage["lines"]): void {
  if (cli.json) for (const line of lines) cli.terminal.write(`${JSON.stringify(line)}\n`);
  else if (lines.length > 0) cli.terminal.write(toActivityTable(lines, cli.terminal.out, new Date()));
}

/** The activity log as a table. */
export function toActivityTable(lines: ActivityPage["lines"], paint: Paint, now: Date): string {
  if (lines.length === 0) return "Nothing has happened yet.\n";
  return toTable(
    lines.map(({ at, service, kind, summary, by }) => [
      toMoment(at, now),
      paint.name(service),
      kind === "problem" || kind === "access" ? paint.red(kind) : kind,
      paint.name(by === undefined ? summary : `${summary} (${by})`),
    ]),
  );
}
