/** Characters of JSON that count as one token; rather too few, so that an estimate is rather too high. */
const CHARS_PER_TOKEN = 3;

/** About how many tokens a value takes in a request; there is no exact count without asking the server. */
export function toTokens(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / CHARS_PER_TOKEN);
}

/** About how many characters so many tokens have. */
export function toChars(tokens: number): number {
  return tokens * CHARS_PER_TOKEN;
}
