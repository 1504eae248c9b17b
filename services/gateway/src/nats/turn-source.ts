import type { Bus } from "@matrix-os/bus";
import { toOsError } from "@matrix-os/contracts/errors";
import { listOpenRequest, type OpenTurn } from "@matrix-os/contracts/file/list-open.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import type { JournalLine } from "@matrix-os/contracts/turn/record";
import type { StoredMessage, TranscriptEntry } from "@matrix-os/contracts/turn/message";
import { createEventWriter, type TurnPlace } from "@matrix-os/turn/session-events";
import type { Stretch } from "../session-view/place.ts";

/** Entries read at a time when looking back through a transcript, and the most that are looked through. */
const LOOK_BACK = 64;
const MAX_LOOK_BACK = 1_048_576;

/** Messages of a session whose turns have not ended, by arrival. */
export async function listOpenMessages(bus: Bus, session: string, signal?: AbortSignal): Promise<StoredMessage[]> {
  const found: OpenTurn[] = [];
  for (;;) {
    const afterArrival = found.at(-1)?.message.arrival ?? 0;
    const page = await bus.request(listOpenRequest, { session, heads: false, afterArrival, limit: 50 }, { signal });
    found.push(...page.open);
    if (!page.more || page.open.length === 0) return found.map((open) => open.message);
  }
}

/** The arrival of the newest finished turn, 0 when there is none. */
export async function readNewestArrival(bus: Bus, session: string, signal?: AbortSignal): Promise<number> {
  const page = await readTranscriptPage(bus, { session, from: -1 }, signal);
  return page.entries.at(-1)?.arrival ?? 0;
}

/** Finished turns of a session with this arrival or a later one, in order. */
export async function listFinishedFrom(
  bus: Bus,
  wanted: { readonly session: string; readonly arrival: number },
  signal?: AbortSignal,
): Promise<TurnPlace[]> {
  const entries = await readEntriesFrom(bus, wanted, signal);
  const turns = new Map<string, TurnPlace>();
  for (const { turn, arrival } of entries) {
    if (arrival >= wanted.arrival) turns.set(turn, { session: wanted.session, turn, arrival });
  }
  return [...turns.values()].toSorted((a, b) => a.arrival - b.arrival);
}

async function readEntriesFrom(
  bus: Bus,
  wanted: { readonly session: string; readonly arrival: number },
  signal: AbortSignal | undefined,
): Promise<TranscriptEntry[]> {
  for (let back = LOOK_BACK; ; back *= 4) {
    const { entries, from } = await readEntries(bus, { session: wanted.session, from: -back }, signal);
    if (from === 0 || back >= MAX_LOOK_BACK || (entries[0]?.arrival ?? 0) < wanted.arrival) return entries;
  }
}

/** A part of a transcript. */
export interface TranscriptPart {
  readonly entries: TranscriptEntry[];
  readonly from: number;
  readonly total: number;
}

/** All entries of a transcript from a place on (from the end when negative), page by page. */
export async function readEntries(
  bus: Bus,
  wanted: { readonly session: string; readonly from: number },
  signal?: AbortSignal,
): Promise<TranscriptPart> {
  const first = await readTranscriptPage(bus, wanted, signal);
  const entries = [...first.entries];
  let { total } = first;
  while (first.from + entries.length < total) {
    const page = await readTranscriptPage(bus, { ...wanted, from: first.from + entries.length }, signal);
    if (page.entries.length === 0) break;
    entries.push(...page.entries);
    total = page.total;
  }
  return { entries, from: first.from, total };
}

/** One page of a transcript (~200 KB); empty when nothing was written yet. */
export async function readTranscriptPage(
  bus: Bus,
  wanted: { readonly session: string; readonly from: number },
  signal?: AbortSignal,
): Promise<TranscriptPart> {
  const request = bus.request(readTranscriptRequest, { ...wanted, brief: true }, { signal });
  return await orWhenMissing(request, { entries: [], from: 0, total: 0 });
}

/** A turn's journal from its first line on, page by page, as events; nothing when it has not begun. */
export async function* readStretches(bus: Bus, turn: TurnPlace, signal?: AbortSignal): AsyncGenerator<Stretch> {
  const write = createEventWriter(turn);
  for (let from = 1; ;) {
    const page = await readPage(bus, { turn, from }, signal);
    if (page.lines.length === 0) return;
    const to = page.lines.at(-1)?.n ?? from;
    yield { turn: turn.turn, arrival: turn.arrival, from, to, events: write(page.lines) };
    if (!page.more) return;
    from = to + 1;
  }
}

async function readPage(
  bus: Bus,
  at: { turn: TurnPlace; from: number },
  signal: AbortSignal | undefined,
): Promise<LogPage> {
  const { session, turn } = at.turn;
  const request = bus.request(readLogRequest, { session, turn, from: at.from }, { signal });
  return await orWhenMissing(request, { lines: [], more: false });
}

interface LogPage {
  readonly lines: readonly JournalLine[];
  readonly more: boolean;
}

async function orWhenMissing<Reply>(request: Promise<Reply>, missing: Reply): Promise<Reply> {
  try {
    return await request;
  } catch (thrown) {
    const error = toOsError(thrown);
    if (error.code === "not-found") return missing;
    throw error;
  }
}
