import { OsError } from "@matrix-os/contracts/errors";
import type { SessionSummary } from "@matrix-os/contracts/turn/message";
import type { Fact } from "./facts.ts";
import { toText } from "./session-events.ts";
import {
  type Exchange,
  type Summarised,
  checkSummary,
  toExtract,
  toMustKeep,
  toSummaryMessages,
  toSummaryQuestion,
} from "./summary.ts";
import { toChars, toTokens } from "./token-estimate.ts";
import type { Block } from "./turn-state.ts";

/** Summaries that are asked for before the deterministic extract is taken. */
const TRIES = 3;
/** Longest summary in characters; in a small prompt it is a third of the history. */
const MAX_SUMMARY_CHARS = 16_000;

/** The share of a summary that facts may take. */
const FACTS_SHARE = 0.6;

/** What a session remembers: a summary of its beginning, and the turns since. */
export interface History {
  readonly summary: SessionSummary | undefined;
  readonly exchanges: readonly Exchange[];
}

/** How to compact. */
export interface Compaction {
  /** Estimated tokens that the history may have. */
  readonly maxTokens: number;
  /** Asks a model; throws when it can't be asked or there is no money for it. */
  readonly ask: (question: {
    readonly system: string;
    readonly question: string;
  }) => Promise<{ readonly content: readonly Block[]; readonly stopReason: string }>;
}

/** Whether a history has outgrown its room. */
export function isTooLong({ summary, exchanges }: History, maxTokens: number): boolean {
  const sum = exchanges.reduce((soFar, { tokens }) => soFar + tokens, toTokens(toSummaryMessages(summary)));
  return sum > maxTokens;
}

/**
 * Summarises the older turns of a history until the rest fits: the newest that fit into a quarter of the room stay whole. A
 * summary that loses a fact is asked for again, and in the end replaced by an extract; turns are never cut apart.
 */
export async function compact(history: History, how: Compaction): Promise<History> {
  let { summary, exchanges } = history;
  while (isTooLong({ summary, exchanges }, how.maxTokens) && exchanges.length > 0) {
    const old = takeOldest(exchanges, how.maxTokens);
    summary = await summarise({ earlier: summary, exchanges: old }, how);
    exchanges = exchanges.slice(old.length);
  }
  return { summary, exchanges };
}

/** What may go: all but the newest that fit into a quarter, at most half the room at a time, at least one. */
function takeOldest(exchanges: readonly Exchange[], maxTokens: number): Exchange[] {
  const sizes = exchanges.map(({ tokens }) => tokens);
  let kept = 0;
  let end = exchanges.length;
  while (end > 1 && kept + (sizes[end - 1] ?? 0) <= maxTokens / 4) kept += sizes[--end] ?? 0;
  let taken = 0;
  let count = 0;
  while (count < end && (count === 0 || taken + (sizes[count] ?? 0) <= maxTokens / 2)) taken += sizes[count++] ?? 0;
  return exchanges.slice(0, count);
}

async function summarise(what: Summarised, how: Compaction): Promise<SessionSummary> {
  const maxChars = Math.min(MAX_SUMMARY_CHARS, Math.floor(toChars(how.maxTokens) / 3));
  const facts = toMustKeep(what, maxChars * FACTS_SHARE);
  const text = (await askForSummary(what, { ...how, facts, maxChars })) ?? toExtract(what, facts, maxChars);
  const last = what.exchanges.at(-1);
  return { upTo: last?.arrival ?? 0, entries: last?.place ?? 0, text, facts: [...facts] };
}

async function askForSummary(
  what: Summarised,
  { ask, facts, maxChars }: Compaction & { readonly facts: readonly Fact[]; readonly maxChars: number },
): Promise<string | undefined> {
  let lost: readonly Fact[] = [];
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const { content, stopReason } = await ask(toSummaryQuestion(what, { facts, lost, maxChars }));
      const text = toText(content);
      const check = checkSummary(text, facts, maxChars);
      if (check.isGood && stopReason === "end_turn") return text;
      lost = check.lost;
    } catch (error) {
      // Without a model the extract serves; what is no matter of the model is not ours to hide.
      if (!(error instanceof OsError)) throw error;
      return undefined;
    }
  }
  return undefined;
}
