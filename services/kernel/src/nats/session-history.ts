import type { Bus } from "@matrix-os/bus";
import { OsError } from "@matrix-os/contracts/errors";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import type { TranscriptEntry } from "@matrix-os/contracts/turn/message";
import type { ModelMessage } from "@matrix-os/turn/turn-state";

/** Earlier turns of sessions in the model's own form. */
export interface SessionHistory {
  /** Turns before `beforeArrival`, oldest first, as many of the newest as fit. */
  read(session: string, beforeArrival: number): Promise<ModelMessage[]>;
}

const MAX_SESSIONS = 200;
/** About 50,000 tokens of earlier turns. */
const MAX_HISTORY_CHARS = 200_000;

interface Known {
  readonly total: number;
  readonly exchanges: readonly Exchange[];
}

interface Exchange {
  readonly arrival: number;
  readonly messages: readonly ModelMessage[];
  readonly sizeChars: number;
}

/** Reads only what is new since the last turn of the session that this process saw; the transcript stays the truth. */
export function createSessionHistory(bus: Bus): SessionHistory {
  const known = new Map<string, Known>();
  return {
    read: async (session, beforeArrival) => {
      const updated = await readOn(bus, session, known.get(session) ?? { total: 0, exchanges: [] });
      known.delete(session);
      known.set(session, updated);
      if (known.size > MAX_SESSIONS) known.delete(known.keys().next().value ?? "");
      return updated.exchanges
        .filter((exchange) => exchange.arrival < beforeArrival)
        .flatMap((exchange) => exchange.messages);
    },
  };
}

async function readOn(bus: Bus, session: string, from: Known): Promise<Known> {
  let { total, exchanges } = from;
  for (;;) {
    const page = await readPage(bus, session, total);
    exchanges = keepNewest([...exchanges, ...page.entries.flatMap(toExchange)]);
    total += page.entries.length;
    if (total >= page.total || page.entries.length === 0) return { total, exchanges };
  }
}

async function readPage(
  bus: Bus,
  session: string,
  from: number,
): Promise<{ entries: TranscriptEntry[]; total: number }> {
  try {
    return await bus.request(readTranscriptRequest, { session, from, brief: false }, { retryForMs: 20_000 });
  } catch (error) {
    if (error instanceof OsError && error.code === "not-found") return { entries: [], total: 0 };
    throw error;
  }
}

function toExchange(entry: TranscriptEntry): Exchange[] {
  if (entry.exchange === undefined) return [];
  const messages = entry.exchange as unknown as ModelMessage[];
  return [{ arrival: entry.arrival, messages, sizeChars: JSON.stringify(messages).length }];
}

function keepNewest(exchanges: readonly Exchange[]): Exchange[] {
  let room = MAX_HISTORY_CHARS;
  const firstKept = exchanges.findLastIndex((exchange) => {
    room -= exchange.sizeChars;
    return room < 0;
  });
  return exchanges.slice(firstKept + 1);
}
