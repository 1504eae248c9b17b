import type { Bus } from "@matrix-os/bus";
import { OsError } from "@matrix-os/contracts/errors";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { storeSummaryRequest } from "@matrix-os/contracts/file/store-summary.request";
import type { SessionSummary, TranscriptEntry } from "@matrix-os/contracts/turn/message";
import type { History } from "@matrix-os/turn/compact";
import type { Exchange } from "@matrix-os/turn/summary";
import { toTokens } from "@matrix-os/turn/token-estimate";
import type { ModelMessage } from "@matrix-os/turn/turn-state";
import type { z } from "zod";

/** Earlier turns of sessions in the model's own form. */
export interface SessionHistory {
  /** The summary and the turns since, oldest first, all before `beforeArrival`. */
  read(session: string, beforeArrival: number): Promise<History>;
  /** Keeps a new summary in the session's folder. */
  keep(session: string, summary: SessionSummary): Promise<void>;
}

const MAX_SESSIONS = 200;
const RETRY_FOR_MS = 20_000;
/** Earlier turns of one session in memory; only a session that was never compacted can have more, and loses the oldest. */
const MAX_HISTORY_TOKENS = 2_000_000;

interface Known {
  /** Entries of the transcript that were read. */
  readonly total: number;
  readonly summary: SessionSummary | undefined;
  readonly exchanges: readonly Exchange[];
}

type Page = z.infer<typeof readTranscriptRequest.reply>;

/** Reads only what is new since the last turn of the session that this process saw; the transcript stays the truth. */
export function createSessionHistory(bus: Bus): SessionHistory {
  const known = new Map<string, Known>();
  const remember = (session: string, what: Known): void => {
    known.delete(session);
    known.set(session, what);
    if (known.size > MAX_SESSIONS) known.delete(known.keys().next().value ?? "");
  };
  return {
    read: async (session, beforeArrival) => {
      const updated = await readOn(bus, session, known.get(session) ?? nothing);
      remember(session, updated);
      return { ...updated, exchanges: updated.exchanges.filter(({ arrival }) => arrival < beforeArrival) };
    },
    keep: async (session, summary) => {
      const { total, exchanges } = known.get(session) ?? nothing;
      if (total > 0)
        remember(session, { total, summary, exchanges: exchanges.filter((one) => one.arrival > summary.upTo) });
      await bus.request(storeSummaryRequest, { session, summary }, { retryForMs: RETRY_FOR_MS });
    },
  };
}

const nothing: Known = { total: 0, summary: undefined, exchanges: [] };

async function readOn(bus: Bus, session: string, from: Known): Promise<Known> {
  let { total, summary, exchanges } = from;
  for (;;) {
    const page = await readPage(bus, session, total);
    summary = page.summary ?? summary;
    if (page.summary !== undefined) total = page.from;
    const start = total;
    exchanges = keepNewest([...exchanges, ...page.entries.flatMap((entry, at) => toExchange(entry, start + at + 1))]);
    total += page.entries.length;
    if (total >= page.total || (page.entries.length === 0 && page.summary === undefined))
      return { total, summary, exchanges };
  }
}

/** What was never read begins behind the summary. */
async function readPage(bus: Bus, session: string, from: number): Promise<Page> {
  try {
    const body = { session, from, brief: false, afterSummary: from === 0 };
    return await bus.request(readTranscriptRequest, body, { retryForMs: RETRY_FOR_MS });
  } catch (error) {
    if (error instanceof OsError && error.code === "not-found") return { entries: [], from: 0, total: 0 };
    throw error;
  }
}

function toExchange(entry: TranscriptEntry, place: number): Exchange[] {
  if (entry.exchange === undefined) return [];
  const messages = entry.exchange as unknown as ModelMessage[];
  return [{ arrival: entry.arrival, place, messages, tokens: toTokens(messages) }];
}

function keepNewest(exchanges: readonly Exchange[]): readonly Exchange[] {
  let room = MAX_HISTORY_TOKENS;
  const firstKept = exchanges.findLastIndex(({ tokens }) => {
    room -= tokens;
    return room < 0;
  });
  return firstKept < 0 ? exchanges : exchanges.slice(firstKept + 1);
}
