/** Command words a typo is corrected to. Words a person might mean literally (names, contents) are left alone. */
const commandWords = (
  "please could would make build create write save append remember delete remove rename move search find " +
  "summarise summary undo revert change switch theme field called named accent colour button bigger smaller " +
  "larger light file files folder list show read thanks hello tracker track timer board notes note flashcards " +
  "expense expenses spending habit habits pomodoro kanban something everything application background"
).split(" ");

/** Correct words that look like a typo of a command word. */
const neverTypos = new Set(
  "made bake take lake fake same male wake night right fight sight might five tile pile mile life wile buy built chance charge chain boards cold could boat bread road head lead need seed feel heel fields yield".split(
    " ",
  ),
);

/** What comes after one of these is the person's own text and stays as typed. */
const payloadMark = /["“`:]|\b(?:with|that|called|named|containing|saying)\b/i;

const germanOpening =
  /^(?:bitte\s+)?(?:mach|mache|bau|baue|erstell|erstelle|merk|merke|hallo|danke|vielen dank|hilfe|was weißt|rückgängig)\b/i;

/** German words that are close enough to English commands to be worth knowing. */
const germanWords: Array<[RegExp, string]> = [
  [/^(?:bitte\s+)?merk(?:e)? dir,?(?: bitte,?)?(?: dass)?\b/i, "remember that"],
  [/^(?:bitte\s+)?(?:mach|mache|bau|baue|erstell|erstelle)\b/i, "make"],
  [/^was weißt du über mich/i, "what do you know about me"],
  [/^(?:mach das |mach es )?rückgängig(?: machen)?|^mach (?:das|es) rückgängig/i, "undo"],
  [/\bgewohnheit(?:s-?tracker|en)\b/i, "habit tracker"],
  [/\bnotiz(?:en)?-?app\b/i, "notes app"],
  [/\bhaushaltsbuch\b/i, "expense log"],
  [/\b(?:mir|uns)\b/i, "me"],
  [/\b(?:ein|eine|einen)\b/i, "a"],
  [/\b(?:es|sie)\b/i, "it"],
  [/\bdunkel\b/i, "dark"],
  [/\bhell\b/i, "light"],
  [/^hallo\b/i, "hello"],
  [/^(?:vielen )?dank(?:e)?\b/i, "thanks"],
  [/^hilfe\b/i, "help"],
];

/** The vocabulary word that `word` is most likely a typo of, or undefined. Short words must match exactly. */
export function closestWord(word: string, vocabulary: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  if (vocabulary.includes(lower)) return lower;
  if (neverTypos.has(lower)) return undefined;
  return vocabulary.find((known) => isTypoOf(lower, known));
}

/** A German request in English words, as far as they are known; any other text unchanged. */
export function inEnglish(text: string): string {
  if (!germanOpening.test(text)) return text;
  return germanWords.reduce((result, [pattern, word]) => result.replace(pattern, word), text);
}

/** The text with typos in its command part corrected; the payload stays as typed. */
export function correctCommand(text: string): string {
  const mark = text.search(payloadMark);
  const payloadStart = mark < 0 ? text.length : mark;
  const corrected = text.slice(0, payloadStart).replace(/\p{L}+/gu, (word) => closestWord(word, commandWords) ?? word);
  return corrected + text.slice(payloadStart);
}

function isTypoOf(word: string, known: string): boolean {
  if (known.length < 4 || word.length < 4 || known[0] !== word[0]) return false;
  return isWithin(known.length >= 8 ? 2 : 1, word, known);
}

/** Whether so many edits suffice: a letter replaced, left out, put in, or two neighbours swapped. */
function isWithin(edits: number, left: string, right: string): boolean {
  if (left === right) return true;
  if (left !== "" && left[0] === right[0]) return isWithin(edits, left.slice(1), right.slice(1));
  if (edits === 0) return false;
  const swapped = left[0] === right[1] && left[1] === right[0];
  return (
    isWithin(edits - 1, left.slice(1), right.slice(1)) ||
    isWithin(edits - 1, left.slice(1), right) ||
    isWithin(edits - 1, left, right.slice(1)) ||
    (swapped && isWithin(edits - 1, left.slice(2), right.slice(2)))
  );
}
