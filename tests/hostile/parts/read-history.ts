import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { sessionFile, storedMessage, transcriptEntry } from "@matrix-os/contracts/turn/message";
import type { Effect, History } from "../oracle.ts";

/** The part of a history that stands on the disk. */
export type KeptHistory = Pick<History, "turns" | "transcripts" | "open" | "effects" | "counted" | "litter"> & {
  readonly inbox: readonly (History["inbox"][number] & { readonly text: string })[];
};

/** Reads what a home keeps of its turns; `.stop` markers of closed turns count as litter. */
export function readHistory(home: string): KeptHistory {
  const system = join(home, "system");
  const sessions = list(join(system, "sessions"));
  const openNames = list(join(system, "open"));
  const open = openNames.filter((name) => !name.endsWith(".stop"));
  return {
    inbox: readInbox(join(system, "inbox")),
    turns: sessions.flatMap((session) => readTurns(join(system, "sessions", session, "turns"), session)),
    transcripts: new Map(sessions.map((session) => [session, readTranscript(join(system, "sessions", session))])),
    open,
    effects: readEffects(join(home, ".matrix", "changes")),
    counted: new Map(sessions.flatMap((session) => readSum(join(system, "sessions", session)))),
    litter: [
      ...list(join(home, ".matrix", "tmp")).map((name) => `.matrix/tmp/${name}`),
      ...openNames.filter((name) => name.endsWith(".stop") && !open.includes(name.slice(0, -5))),
      ...findHalfFiles(system),
    ],
  };
}

function readInbox(folder: string): KeptHistory["inbox"] {
  return walk(folder)
    .filter((path) => path.endsWith(".json") && basename(path) !== "arrivals.json")
    .map((path) => {
      const { key, session, arrival, text } = storedMessage.parse(JSON.parse(readFileSync(path, "utf8")));
      return { turn: key, session, arrival, text };
    });
}

function readTurns(folder: string, session: string): History["turns"] {
  return list(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => ({ session, turn: name.slice(0, -".jsonl".length), lines: readLines(join(folder, name)) }));
}

function readTranscript(folder: string) {
  return readLines(join(folder, "transcript.jsonl")).map((line) => transcriptEntry.parse(JSON.parse(line)));
}

function readSum(folder: string): [string, number][] {
  const text = read(join(folder, "session.json"));
  // One that can't be read is litter; what it counts nobody knows.
  return isJson(text) ? [[basename(folder), sessionFile.parse(JSON.parse(text)).usage.outputTokens]] : [];
}

function readEffects(folder: string): Effect[] {
  return list(folder)
    .flatMap((name) => readLines(join(folder, name)))
    .map((line) => (JSON.parse(line) as { origin: { turn?: string; call?: string } }).origin)
    .map(({ turn = "", call = "" }) => ({ turn, call }));
}

/** Files of the system that can't be read as what their names say. */
function findHalfFiles(folder: string): string[] {
  return walk(folder).filter((path) => {
    if (/\.damaged-|\/torn-/.test(path)) return true;
    const parts = path.endsWith(".jsonl") ? readLines(path) : path.endsWith(".json") ? [read(path)] : [];
    return parts.some((part) => !isJson(part));
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function walk(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readLines(path: string): string[] {
  return read(path)
    .split("\n")
    .filter((line) => line !== "");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
