import { createHash } from "node:crypto";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";

/** What the next line of a journal builds on. */
export interface ChainEnd {
  /** Lines so far. */
  readonly length: number;
  /** The first 16 hex digits of the last line's SHA-256; empty before the first line. */
  readonly hash: string;
}

/** The end of a journal without lines. */
export const emptyChain: ChainEnd = { length: 0, hash: "" };

/** The link to a line: the first 16 hex digits of the SHA-256 of its text, the newline left out. */
export function toLink(line: string | Uint8Array): string {
  return createHash("sha256").update(line).digest("hex").slice(0, 16);
}

/** Words records as journal lines that go on from an end. */
export function formatLines(
  end: ChainEnd,
  epoch: number,
  what: { readonly records: readonly TurnRecord[]; readonly at: string },
): { readonly lines: readonly string[]; readonly end: ChainEnd } {
  let { length, hash } = end;
  const lines = what.records.map((record) => {
    length += 1;
    const line: JournalLine = { n: length, at: what.at, epoch, prev: hash, record };
    const text = JSON.stringify(line);
    hash = toLink(text);
    return text;
  });
  return { lines, end: { length, hash } };
}

/** A journal read back: its good lines, and what is wrong behind them. */
export interface JournalRead {
  readonly lines: readonly JournalLine[];
  /** Where each good line begins; one more entry for where the last one ends. */
  readonly offsets: readonly number[];
  readonly end: ChainEnd;
  /** `torn`: only the last line is bad, cut it. `damaged`: good lines stand behind a bad one, keep the file aside. */
  readonly state: "whole" | "torn" | "damaged";
}

const NEWLINE = 10;

/** Reads a journal's bytes as far as the chain holds. */
export function readJournal(bytes: Buffer): JournalRead {
  const lines: JournalLine[] = [];
  const offsets = [0];
  let end = emptyChain;
  let at = 0;
  while (at < bytes.length) {
    const stop = bytes.indexOf(NEWLINE, at);
    const text = stop < 0 ? undefined : bytes.subarray(at, stop);
    const line = text === undefined ? undefined : parseLine(text, end);
    if (text === undefined || line === undefined)
      return { lines, offsets, end, state: isLast(bytes, stop) ? "torn" : "damaged" };
    lines.push(line);
    end = { length: line.n, hash: toLink(text) };
    at = stop + 1;
    offsets.push(at);
  }
  return { lines, offsets, end, state: "whole" };
}

function isLast(bytes: Buffer, stop: number): boolean {
  return stop < 0 || stop === bytes.length - 1;
}

/** The chain proves that we wrote the line, so only its frame is checked: records of newer versions stay readable. */
function parseLine(text: Buffer, end: ChainEnd): JournalLine | undefined {
  try {
    const line = JSON.parse(text.toString("utf8")) as Partial<JournalLine> | null;
    const isNext = line?.n === end.length + 1 && line.prev === end.hash;
    return isNext && typeof line.record?.kind === "string" ? (line as JournalLine) : undefined;
  } catch {
    return undefined;
  }
}

/** The newest epoch that a journal names; 0 before the first fence. */
export function toEpoch(lines: readonly JournalLine[]): number {
  return lines.reduce(
    (newest, line) => (line.record.kind === "fence" ? Math.max(newest, line.record.epoch) : newest),
    0,
  );
}

/** Whether the turn has ended. */
export function isEnded(lines: readonly JournalLine[]): boolean {
  return lines.some((line) => line.record.kind === "end");
}
