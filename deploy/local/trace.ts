import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readLocalConfig } from "./config.ts";

// Prints every log line of one walk, in order, from all processes: the id may be a correlation id, a session or a turn.
const id = process.argv[2] ?? "";
if (id === "") {
  process.stderr.write("which one? make trace ID=<correlation, session or turn>\n");
  process.exitCode = 64;
} else {
  const found = readWalk(join(readLocalConfig().state, "logs"), id);
  for (const line of found) process.stdout.write(`${line}\n`);
  if (found.length === 0) process.stderr.write(`nothing in the logs names ${id}\n`);
}

interface LogLine {
  readonly time: string;
  readonly service?: string;
  readonly msg?: string;
  readonly correlation?: string;
  readonly [field: string]: unknown;
}

function readWalk(folder: string, wanted: string): string[] {
  const lines = readdirSync(folder)
    .filter((name) => name.includes(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  const parsed = lines.flatMap((line) => parseLine(line) ?? []);
  const correlations = new Set(parsed.filter((line) => names(line, wanted)).flatMap((line) => line.correlation ?? []));
  return parsed
    .filter((line) => names(line, wanted) || correlations.has(line.correlation ?? ""))
    .toSorted((a, b) => a.time.localeCompare(b.time))
    .map(toText);
}

function parseLine(text: string): LogLine | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return undefined;
  }
}

function names(line: LogLine, wanted: string): boolean {
  return [line.correlation, line["session"], line["turn"], line["key"]].includes(wanted);
}

function toText({ time, service, msg, level, ...rest }: LogLine): string {
  const { correlation: _c, traceparent: _t, ...facts } = rest;
  const fields = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${time} ${String(level).padEnd(5)} ${(service ?? "").padEnd(10)} ${msg ?? ""} ${fields.join(" ")}`;
}
