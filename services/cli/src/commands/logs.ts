import { setTimeout as sleep } from "node:timers/promises";
import { type LogLine, readLogsRoute } from "@matrix-os/contracts/api/logs";
import type { Cli } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { createBackOff } from "../http/back-off.ts";
import { isTemporary } from "../http/unreachable.ts";
import type { Paint } from "../terminal/paint.ts";

const POLL_MS = 1_000;
const MOST_LINES = 1_000;

/** Which log lines are wanted. */
export interface LogInput {
  readonly service?: string;
  readonly level?: string;
  readonly correlation?: string;
  readonly limit?: string;
  readonly follow?: boolean;
}

/** Shows the newest log lines; with `follow` also those that come, until Ctrl-C. */
export async function logs(cli: Cli, { follow, limit, ...filter }: LogInput): Promise<ExitCode> {
  const { lines, complete } = await cli.api.call(readLogsRoute, { query: { ...filter, limit } });
  show(cli, lines);
  if (!complete && !cli.json)
    cli.terminal.note(cli.terminal.err.dim("Older lines were not searched; the files in MATRIX_STATE hold them."));
  if (follow === true) await showComing(cli, filter, lines.at(-1));
  return exitCodes.done;
}

/** The lines of a batch that come after the last one known; all of them when that one is not among them. */
export function toNewLines(known: LogLine | undefined, batch: readonly LogLine[]): readonly LogLine[] {
  if (known === undefined) return batch;
  const text = JSON.stringify(known);
  return batch.slice(batch.findLastIndex((line) => JSON.stringify(line) === text) + 1);
}

/** One log line for people: time, level, service, phrase, then its facts. */
export function toLogText(line: LogLine, paint: Paint): string {
  const { time, level, msg, service, traceparent: _machineOnly, ...facts } = line;
  const colour = level === "error" ? paint.red : level === "warn" ? paint.yellow : paint.dim;
  const pairs = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const head = `${paint.dim(paint.name(time))} ${colour(paint.name(level.padEnd(5)))} ${paint.cyan(paint.name(service ?? "-"))}`;
  return `${head} ${paint.name(msg)} ${paint.dim(paint.name(pairs.join(" ")))}`.trimEnd();
}

async function showComing(
  cli: Cli,
  filter: Omit<LogInput, "follow" | "limit">,
  newest: LogLine | undefined,
): Promise<never> {
  const backOff = createBackOff(new AbortController().signal);
  let known = newest;
  for (;;) {
    await sleep(POLL_MS);
    try {
      const { lines } = await cli.api.call(readLogsRoute, { query: { ...filter, limit: MOST_LINES } });
      show(cli, toNewLines(known, lines));
      known = lines.at(-1) ?? known;
      backOff.reset();
    } catch (error) {
      if (!isTemporary(error)) throw error;
      await backOff.wait(error);
    }
  }
}

function show(cli: Cli, lines: readonly LogLine[]): void {
  for (const line of lines)
    cli.terminal.write(`${cli.json ? JSON.stringify(line) : toLogText(line, cli.terminal.out)}\n`);
}
