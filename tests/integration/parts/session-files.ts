import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TranscriptEntry, transcriptEntry } from "@matrix-os/contracts/turn/message";
import { type TurnRecord, journalLine } from "@matrix-os/contracts/turn/record";

interface Turn {
  readonly session: string;
  readonly turn: string;
}

/** What a home keeps of a turn in its session's transcript. */
export function readTranscript(system: { readonly home: string }, { session, turn }: Turn): TranscriptEntry[] {
  const path = join(system.home, "system", "sessions", session, "transcript.jsonl");
  const entries = readLines(path).map((line) => transcriptEntry.parse(JSON.parse(line)));
  return entries.filter((entry) => entry.turn === turn);
}

/** What a turn's journal holds; a last line that a crash cut off is not there. */
export function readJournal(system: { readonly home: string }, { session, turn }: Turn): TurnRecord[] {
  const path = join(system.home, "system", "sessions", session, "turns", `${turn}.jsonl`);
  return readLines(path).flatMap((line) => {
    const parsed = journalLine.safeParse(parse(line));
    return parsed.success ? [parsed.data.record] : [];
  });
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
