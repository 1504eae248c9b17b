/** Something that must not get lost when a text is summarised. */
export interface Fact {
  /** Exactly as it was written. */
  readonly value: string;
  /** The sentence it stood in, cut. */
  readonly context: string;
}

const MAX_VALUE_CHARS = 160;
const MAX_CONTEXT_CHARS = 160;
/** Characters of one text that are looked at. */
const MAX_SCANNED_CHARS = 40_000;

/** Sentences that settle something are kept whole. */
const decision = /\b(?:decided?|decision|agreed?|always|never|must|prefers?|remember|deadline|promised?|allergic)\b/i;

/** Kinds of facts, the ones that are hardest to guess first. */
const kinds: readonly RegExp[] = [
  /https?:\/\/[^\s"'<>)\]]*[^\s"'<>)\].,;:!?]/g,
  /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu,
  /\b\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?\b/g,
  /(?<![\w/])~?\/?[\w-]+(?:[\w.-]*\/)+[\w.-]*\w/g,
  /(?:"([^"\n]{2,80})"|“([^”\n]{2,80})”|«([^»\n]{2,80})»|`([^`\n]{2,80})`)/g,
  /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{3,40}\b/g,
  /\d+(?:[.,:]\d+)*\s?(?:%|€|\$)|[€$]\s?\d+(?:[.,]\d+)*|\d+(?:[.,:]\d+)+|\d{2,}/g,
  /(?<=[\p{L}\d,;:)-]\s)\p{Lu}[\p{L}'’-]+(?:\s\p{Lu}[\p{L}'’-]+)*/gu,
];

/** The names, numbers, dates, paths, quotes and decisions of a text, each once, in the order of their kinds. The rule is blunt on purpose: it can be checked. */
export function toFacts(text: string): Fact[] {
  const scanned = text.slice(0, MAX_SCANNED_CHARS);
  const found = new Map<string, Fact>();
  const sentences = toSentences(scanned);
  const keep = (value: string, context: string): void => {
    const key = toComparable(value);
    if (key.length > 1 && value.length <= MAX_VALUE_CHARS && !found.has(key))
      found.set(key, { value, context: context.slice(0, MAX_CONTEXT_CHARS) });
  };
  for (const sentence of sentences) if (decision.test(sentence)) keep(sentence, sentence);
  for (const kind of kinds) {
    for (const sentence of sentences) {
      for (const match of sentence.matchAll(kind)) keep(match.slice(1).find(Boolean) ?? match[0], sentence);
    }
  }
  return [...found.values()];
}

/** The facts that a text does not hold, word for word; case and white space don't count. */
export function findLost(facts: readonly Fact[], text: string): Fact[] {
  const comparable = toComparable(text);
  return facts.filter(({ value }) => !comparable.includes(toComparable(value)));
}

function toSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

function toComparable(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().toLowerCase();
}
