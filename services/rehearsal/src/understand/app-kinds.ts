import type { AppKind } from "./intent.ts";
import { closestWord } from "./spelling.ts";

interface KindWords {
  kind: Exclude<AppKind, "collection">;
  words: string[];
  phrases: RegExp;
}

/** Words that point at one of the six finished apps; the first kind that matches wins. */
const kinds: KindWords[] = [
  {
    kind: "flashcards",
    words: ["flashcard", "flashcards", "vocabulary", "vocab", "anki"],
    phrases: /\b(?:flash|study|quiz|index|learning)[ -]cards?\b|\blearn (?:words|vocab)/i,
  },
  {
    kind: "habit-tracker",
    words: ["habit", "habits", "streak", "streaks", "routine", "routines"],
    phrases: /\bdaily (?:goals|practice|rituals)\b|\bevery ?day\b/i,
  },
  {
    kind: "expense-log",
    words: ["expense", "expenses", "spending", "budget", "budgeting", "finances", "purchases"],
    phrases: /\b(?:money|costs?|bills|spend|outgoings)\b/i,
  },
  {
    kind: "timer",
    words: ["timer", "timers", "pomodoro", "countdown", "stopwatch"],
    phrases: /\btime my\b|\bfocus (?:sessions?|clock)\b|\bstay focus/i,
  },
  {
    kind: "todo-board",
    words: ["todo", "todos", "kanban", "tasks", "task", "trello"],
    phrases: /\bto[- ]?dos?\b|\b(?:task|project|work) board\b|\bthings (?:i (?:have|need) )?to do\b/i,
  },
  {
    kind: "notes",
    words: ["notes", "notebook", "notepad", "memos", "scratchpad", "journal", "diary"],
    phrases:
      /\bnote[- ]?(?:taking|book|pad|app)\b|\b(?:jot|write) (?:things|stuff|ideas|thoughts)? ?down\b|\bnote app\b/i,
  },
];

/** The finished app a phrase is about, or undefined when none of the six fits. */
export function kindOf(phrase: string): Exclude<AppKind, "collection"> | undefined {
  const words = phrase.toLowerCase().match(/[\p{L}]+/gu) ?? [];
  const byPhrase = kinds.find(({ phrases }) => phrases.test(phrase));
  const byWord = kinds.find((kind) => words.some((word) => closestWord(word, kind.words) !== undefined));
  if (!byPhrase || !byWord) return (byWord ?? byPhrase)?.kind;
  return kinds[Math.min(kinds.indexOf(byPhrase), kinds.indexOf(byWord))]?.kind;
}
