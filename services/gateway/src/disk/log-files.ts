import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type LogLine, logLevels, logLine } from "@matrix-os/contracts/api/logs";

/** Bytes read from the end of each file, and files read: bounds a request to 20 MB of reading. */
const TAIL_BYTES = 1_048_576;
const MAX_FILES = 20;

/** Which lines are wanted. */
export interface LogFilter {
  readonly limit: number;
  readonly service?: string | undefined;
  readonly level?: (typeof logLevels)[number] | undefined;
  readonly correlation?: string | undefined;
}

/** The newest fitting lines of the JSON-lines files in a folder, oldest first. `complete`: everything was looked at. */
export async function readLogFiles(
  folder: string | undefined,
  filter: LogFilter,
): Promise<{ lines: LogLine[]; complete: boolean }> {
  if (folder === undefined) return { lines: [], complete: true };
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(log|jsonl|ndjson)$/.test(name)).toSorted();
  const tails = await Promise.all(names.slice(-MAX_FILES).map((name) => readTail(join(folder, name))));
  const lines = tails.flatMap((tail) => toLines(tail.text, filter)).toSorted((a, b) => compareText(a.time, b.time));
  const all = names.length <= MAX_FILES && tails.every((tail) => tail.whole) && lines.length <= filter.limit;
  return { lines: lines.slice(-filter.limit), complete: all };
}

async function readTail(path: string): Promise<{ text: string; whole: boolean }> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const start = Math.max(0, size - TAIL_BYTES);
  const buffer = Buffer.alloc(size - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  const text = buffer.toString("utf8", 0, bytesRead);
  return start === 0 ? { text, whole: true } : { text: text.slice(text.indexOf("\n") + 1), whole: false };
}

function toLines(text: string, filter: LogFilter): LogLine[] {
  return text.split("\n").flatMap((line) => {
    const parsed = parseLine(line);
    return parsed !== undefined && fits(parsed, filter) ? [parsed] : [];
  });
}

function parseLine(line: string): LogLine | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return logLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // A line that is being written, or not a log line.
  }
}

function fits(line: LogLine, filter: LogFilter): boolean {
  if (filter.service !== undefined && line.service !== filter.service) return false;
  if (filter.correlation !== undefined && line.correlation !== filter.correlation) return false;
  return filter.level === undefined || toRank(line.level) >= toRank(filter.level);
}

function toRank(level: string): number {
  const rank = logLevels.findIndex((known) => known === level);
  return rank === -1 ? logLevels.length : rank;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
