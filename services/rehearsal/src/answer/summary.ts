import type { Outcome } from "./script.ts";

/** Told whenever something could not be done: what this is, what it can do, how to get a real model. */
export const rehearsalNotice =
  "I am the rehearsal model: fixed rules, no real language model. I can make small apps (habit tracker, notes, todo board, timer, " +
  "expense log, flashcards, or a list of anything), change them (dark, light, colour, text size, name, a new field), write, read, " +
  "find, summarise, move and delete files, remember facts, and undo. For everything else set ANTHROPIC_API_KEY, or " +
  "ANTHROPIC_BASE_URL for Ollama, LM Studio, llama.cpp or another server, and restart.";

const label = "(rehearsal model)";

/** The final words of a turn. */
export function summaryOf(outcomes: Outcome[]): string {
  const [first] = outcomes;
  if (!first) return rehearsalNotice;
  if (outcomes.length === 1) return first.verbatim ? first.headline : single(first);
  const failed = outcomes.some(({ succeeded }) => !succeeded);
  const opening = failed ? `Not all of it worked ${label}:` : `All done ${label}:`;
  const lines = outcomes.map(({ succeeded, headline, detail }) => {
    const words = detail ? `${headline}. ${detail.replace(/\n\n(?=apps\/\S+$)/, " ")}` : headline;
    return `- ${succeeded ? "" : "Not done: "}${words}`;
  });
  return [opening, lines.join("\n"), ...(failed ? [rehearsalNotice] : [])].join("\n\n");
}

function single({ succeeded, headline, detail }: Outcome): string {
  const parts = succeeded ? [`${headline} ${label}.`] : [`${headline}.`];
  if (detail) parts.push(detail);
  if (!succeeded) parts.push(rehearsalNotice);
  return parts.join("\n\n");
}
