import { createHash } from "node:crypto";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import { compareCursors } from "@matrix-os/contracts/shell/session-event";
import type { TranscriptEntry } from "@matrix-os/contracts/turn/message";
import type { JournalLine } from "@matrix-os/contracts/turn/record";

/** A message that the system has accepted: it gave its word. */
export interface AcceptedMessage {
  readonly session: string;
  readonly turn: string;
  /** When it was handed in, and when the word was given. Of two that did not overlap, the first one arrived first. */
  readonly sentAtMs: number;
  readonly acceptedAtMs: number;
}

/** One turn's journal as it stands on the disk. */
export interface TurnHistory {
  readonly session: string;
  readonly turn: string;
  /** The text of each line: what the chain is made of. */
  readonly lines: readonly string[];
}

/** One call that the model's server took. */
export interface ModelCall {
  readonly turn: string;
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** One change of the owner's files, with the tool call that it belongs to. */
export interface Effect {
  readonly turn: string;
  readonly call: string;
}

/** Everything that is known after a schedule of faults has settled. */
export interface History {
  readonly accepted: readonly AcceptedMessage[];
  /** The key and arrival number of every inbox file. */
  readonly inbox: readonly { readonly turn: string; readonly session: string; readonly arrival: number }[];
  readonly turns: readonly TurnHistory[];
  readonly transcripts: ReadonlyMap<string, readonly TranscriptEntry[]>;
  /** Markers of turns that are still open. */
  readonly open: readonly string[];
  readonly calls: readonly ModelCall[];
  readonly effects: readonly Effect[];
  /** What watchers saw, by session. */
  readonly watched: ReadonlyMap<string, readonly SessionEvent[]>;
  /** Output tokens that each session's own file counts. */
  readonly counted: ReadonlyMap<string, number>;
  /** Paths that should not be there: temporary names, half files. */
  readonly litter: readonly string[];
  /** Kills, freezes and lost stores during the schedule. */
  readonly faults: number;
  /** Freezes past the lease and harm to the broker: two workers may hold a session for a moment, and the fence decides between them. */
  readonly overlaps: number;
  readonly recoveredAfterMs: number;
}

/** How long after the last fault everything must be done. */
export const RECOVERED_WITHIN_MS = 45_000;
/** What two clocks of one machine may differ by, the model's and the journal's. */
const CLOCK_MS = 50;

type Rule = (history: History) => string[];

/** Every invariant with what it demands. A violated one answers sentences, a kept one nothing. */
export const rules: Readonly<Record<string, Rule>> = {
  "I1 accepted is answered": answered,
  "I2 one turn for each message": oneTurn,
  "I3 unsafe effects at most once": unsafeOnce,
  "I4 each reply is seen once": repliesOnce,
  "I5 no step is paid for twice": paidOnce,
  "I6 order of arrival": inOrder,
  "I7 the journal's chain holds": chained,
  "I8 nothing half-written": clean,
  "I10 what was spent is counted": counted,
  "I12 back in time": inTime,
};

/** What a history breaks, each with the invariant's name; empty when all hold. */
export function judge(history: History): string[] {
  return Object.entries(rules).flatMap(([name, rule]) => rule(history).map((what) => `${name}: ${what}`));
}

function answered({ accepted, turns, transcripts, open, watched }: History): string[] {
  return accepted.flatMap(({ session, turn }) => {
    const journal = turns.find((one) => one.turn === turn);
    const entries = (transcripts.get(session) ?? []).filter((entry) => entry.turn === turn);
    const finished = (watched.get(session) ?? []).some((event) => event.type === "finished" && event.turn === turn);
    return [
      ...(journal !== undefined && parse(journal).some(isEnd) ? [] : [`${turn} has no end`]),
      ...(entries.map(({ role }) => role).join() === "user,assistant" ? [] : [`${turn} has ${entries.length} lines`]),
      ...(open.includes(turn) ? [`${turn} is still open`] : []),
      ...(finished || !watched.has(session) ? [] : [`nobody saw ${turn} finish`]),
    ];
  });
}

function oneTurn({ accepted, inbox, turns }: History): string[] {
  const files = [...accepted.map(({ turn }) => turn), ...inbox.map(({ turn }) => turn)];
  return [...new Set(files)].flatMap((key) => {
    const messages = inbox.filter(({ turn }) => turn === key).length;
    const journals = turns.filter(({ turn }) => turn === key);
    const begins = journals.flatMap(parse).filter(({ record }) => record.kind === "begin").length;
    const problems = [messages === 1 ? "" : `${key} has ${messages} inbox files`];
    problems.push(journals.length > 1 ? `${key} has ${journals.length} journals` : "");
    problems.push(begins > 1 ? `${key} began ${begins} times` : "");
    return problems.filter((problem) => problem !== "");
  });
}

function unsafeOnce({ turns, effects }: History): string[] {
  return turns.flatMap((journal) =>
    parse(journal).flatMap(({ record }) => {
      if (record.kind !== "tool.intent" || record.class !== "unsafe") return [];
      const count = effects.filter(({ turn, call }) => turn === journal.turn && call === record.call).length;
      return count <= 1 ? [] : [`${record.name} ${record.call} happened ${count} times`];
    }),
  );
}

function repliesOnce({ watched }: History): string[] {
  return [...watched].flatMap(([session, events]) => {
    const finished = events.filter(({ type }) => type === "finished").map(({ turn }) => turn);
    const twice = finished.filter((turn, at) => finished.indexOf(turn) !== at);
    const ordered = events.every(
      (event, at) => at === 0 || compareCursors(events[at - 1]?.cursor ?? "", event.cursor) < 0,
    );
    return [
      ...twice.map((turn) => `${turn} was answered again`),
      ...(ordered ? [] : [`${session}: events out of order`]),
    ];
  });
}

/** A step whose answer is in the journal is not asked again, one whose answer a fault lost once more for each fault. */
function paidOnce({ turns, calls, faults, overlaps }: History): string[] {
  return turns.flatMap((journal) => {
    const lines = parse(journal);
    const mine = calls.filter(({ turn }) => turn === journal.turn);
    const steps = lines.flatMap((line) =>
      line.record.kind === "model.response" ? [{ ...line, step: line.record.step }] : [],
    );
    const failed = lines.filter(({ record }) => record.kind === "model.failed").length;
    const again = mine.length - steps.length - failed;
    const twice = steps.filter(({ step }, at) => steps.findIndex((other) => other.step === step) !== at);
    const late = steps.flatMap(({ step, at }) => {
      const count = mine.filter((call) => call.step === step && call.atMs > Date.parse(at) + CLOCK_MS).length;
      return count > overlaps ? [`step ${step} of ${journal.turn} was asked again when its answer was there`] : [];
    });
    return [
      ...late,
      ...twice.map(({ step }) => `step ${step} of ${journal.turn} is recorded twice`),
      ...(again > faults ? [`${again} steps of ${journal.turn} were paid for again after ${faults} faults`] : []),
    ];
  });
}

function inOrder({ accepted, inbox, turns, watched }: History): string[] {
  const arrivals = new Map(inbox.map(({ turn, arrival }) => [turn, arrival]));
  const sessions = [...new Set(inbox.map(({ session }) => session))];
  return sessions.flatMap((session) => {
    const ended = (watched.get(session) ?? []).filter(({ type }) => type === "finished").map(({ turn }) => turn);
    const handed = accepted.filter((message) => message.session === session);
    const isSwapped = (before: AcceptedMessage, after: AcceptedMessage): boolean =>
      before.acceptedAtMs < after.sentAtMs && (arrivals.get(before.turn) ?? 0) > (arrivals.get(after.turn) ?? 0);
    return [
      ...(isRising(ended.map((turn) => arrivals.get(turn) ?? 0)) ? [] : [`${session} was answered out of order`]),
      ...(handed.some((after) => handed.some((before) => isSwapped(before, after)))
        ? [`${session} was numbered out of order`]
        : []),
      ...findOverlaps(
        turns.filter((turn) => turn.session === session),
        arrivals,
      ),
    ];
  });
}

/** One turn at a time: the next one begins after the one before has ended. */
function findOverlaps(turns: readonly TurnHistory[], arrivals: ReadonlyMap<string, number>): string[] {
  const ordered = turns.toSorted((a, b) => (arrivals.get(a.turn) ?? 0) - (arrivals.get(b.turn) ?? 0)).map(parse);
  return ordered.flatMap((lines, at) => {
    const begin = lines.find(({ record }) => record.kind === "begin")?.at ?? "";
    const before = ordered[at - 1]?.find(isEnd)?.at ?? "";
    return begin !== "" && begin < before
      ? [`a turn began at ${begin}, before the one in front of it ended at ${before}`]
      : [];
  });
}

function chained({ turns, open }: History): string[] {
  return turns.flatMap((journal) => {
    const parsed = parse(journal);
    const broken = journal.lines.findIndex((_, at) => {
      const line = parsed[at];
      return line?.n !== at + 1 || line.prev !== (at === 0 ? "" : toLink(journal.lines[at - 1] ?? ""));
    });
    const ends = parsed.filter(isEnd).length;
    const afterEnd = parsed.slice(parsed.findIndex(isEnd) + 1).filter(({ record }) => record.kind !== "fence").length;
    const epochs = parsed.flatMap(({ record }) => (record.kind === "fence" ? [record.epoch] : []));
    const stale = parsed.some((line, at) => line.epoch < Math.max(0, ...parsed.slice(0, at).map(({ epoch }) => epoch)));
    return [
      ...(broken < 0 ? [] : [`line ${broken + 1} of ${journal.turn} does not go on from the one before`]),
      ...(ends === 1 || open.includes(journal.turn) ? [] : [`${journal.turn} is closed with ${ends} ends`]),
      ...(ends === 0 || afterEnd === 0 ? [] : [`${journal.turn} goes on after its end`]),
      ...(isRising(epochs) && !stale ? [] : [`${journal.turn} was written to by a worker that was replaced`]),
    ];
  });
}

function clean({ litter }: History): string[] {
  return litter.map((path) => `${path} is left`);
}

/** Session files count each answer once, and the model's server gave at least as many. */
function counted({ turns, calls, counted: sums }: History): string[] {
  return [...sums].flatMap(([session, sum]) => {
    const lines = turns.filter((turn) => turn.session === session).flatMap(parse);
    const recorded = lines.reduce(
      (total, { record }) => total + (record.kind === "model.response" ? record.usage.outputTokens : 0),
      0,
    );
    const steps = lines.filter(({ record }) => record.kind === "model.response").length;
    const keys = new Set(turns.filter((turn) => turn.session === session).map(({ turn }) => turn));
    const asked = calls.filter(({ turn }) => keys.has(turn)).length;
    return [
      ...(sum === recorded ? [] : [`${session} counts ${sum} tokens, its journals ${recorded}`]),
      ...(steps <= asked ? [] : [`${session} has ${steps} answers to ${asked} calls`]),
    ];
  });
}

function inTime({ recoveredAfterMs }: History): string[] {
  return recoveredAfterMs <= RECOVERED_WITHIN_MS ? [] : [`it took ${Math.round(recoveredAfterMs)} ms`];
}

/** The lines that can be read, each at its own place. */
function parse({ lines }: TurnHistory): JournalLine[] {
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as JournalLine];
    } catch {
      return [];
    }
  });
}

function isEnd({ record }: JournalLine): boolean {
  return record.kind === "end";
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}

/** The link to a line; worked out here once more, not with the product's own function. */
export function toLink(line: string): string {
  return createHash("sha256").update(line).digest("hex").slice(0, 16);
}
