import type { Bus } from "@matrix-os/bus";
import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import type { Answer } from "@matrix-os/contracts/policy/question";
import type { Taint } from "@matrix-os/contracts/policy/taint";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";
import type { z } from "zod";
import { toJsonBytes } from "./cut-text.ts";

/** What is left to say when a turn ends, beside its last records. */
export type Ending = Pick<
  z.infer<typeof finishTurnRequest.request>,
  "transcript" | "joined" | "outbox" | "usage" | "model" | "taint"
>;

/** A turn's journal held under one epoch. An append that another epoch has overtaken throws `stale-epoch`. */
export interface Journal {
  readonly epoch: number;
  readonly stopRequested: boolean;
  /** Answers that the turn has not read yet. */
  readonly answers: readonly Answer[];
  /** Labels that earlier turns left on the session. */
  readonly taint: readonly Taint[];
  /** What the journal held when it was opened. */
  readonly lines: readonly JournalLine[];
  /** Durable when it resolves; answers the lines as they stand in the file. */
  append(records: TurnRecord[]): Promise<JournalLine[]>;
  finish(records: TurnRecord[], ending: Ending): Promise<JournalLine[]>;
}

/** The file service may restart under a turn: appends are safe to repeat, so they are. */
const RETRY_FOR_MS = 20_000;
/** A message on the bus may have 256 KB; this leaves room for the names around it. */
const MAX_BATCH_BYTES = 180_000;
const MAX_ENDING_BYTES = 240_000;

/** Takes a turn over and reads what happened so far. */
export async function openJournal(bus: Bus, name: { session: string; turn: string }, owner: string): Promise<Journal> {
  const opened = await bus.request(openLogRequest, { ...name, owner }, { retryForMs: RETRY_FOR_MS });
  const lines = [...opened.lines];
  for (let more = opened.more; more;) {
    const page = await bus.request(readLogRequest, { ...name, from: lines.length + 1 });
    lines.push(...page.lines);
    more = page.more;
  }
  const { epoch } = opened;
  let length = opened.length;
  const toLines = (records: TurnRecord[], reply: { length: number; at: string }): JournalLine[] => {
    const after = length;
    length = reply.length;
    return records.map((record, index) => ({ n: after + index + 1, at: reply.at, epoch, prev: "", record }));
  };
  const append = async (records: TurnRecord[]): Promise<JournalLine[]> => {
    const lines: JournalLine[] = [];
    for (const batch of toBatches(records)) {
      const body = { ...name, epoch, after: length, records: batch };
      lines.push(...toLines(batch, await bus.request(appendLogRequest, body, { retryForMs: RETRY_FOR_MS })));
    }
    return lines;
  };
  return {
    epoch,
    stopRequested: opened.stopRequested,
    answers: opened.answers ?? [],
    taint: opened.taint ?? [],
    lines,
    append,
    finish: async (records, ending) => {
      const isBig = toJsonBytes(records) + toJsonBytes(ending) > MAX_BATCH_BYTES;
      const before = isBig ? await append(records.slice(0, -1)) : [];
      const last = isBig ? records.slice(-1) : records;
      const body = { ...name, epoch, after: length, records: last, ...toFitting(ending, last) };
      return [...before, ...toLines(last, await bus.request(finishTurnRequest, body, { retryForMs: RETRY_FOR_MS }))];
    },
  };
}

/** Records in groups that fit into a message each; one alone always does. */
function toBatches(records: readonly TurnRecord[]): TurnRecord[][] {
  const batches: TurnRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = toJsonBytes(record);
    if (bytes > room) {
      batches.push([]);
      room = MAX_BATCH_BYTES;
    }
    batches.at(-1)?.push(record);
    room -= bytes;
  }
  return batches;
}

/** Question and answer are kept whole; the copy for later prompts is what goes when all of it is too much for one message. */
function toFitting(ending: Ending, records: readonly TurnRecord[]): Ending {
  if (toJsonBytes(ending) + toJsonBytes(records) <= MAX_ENDING_BYTES) return ending;
  return { ...ending, transcript: ending.transcript.map(({ exchange: _, ...entry }) => entry) };
}
