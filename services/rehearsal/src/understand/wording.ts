const pathText = String.raw`(?:~?\.?/)?(?:[\p{L}\p{N}_.@~-]+/)*[\p{L}\p{N}_@~-][\p{L}\p{N}_.@~-]*\.[A-Za-z][A-Za-z0-9]{0,7}`;

/** Source of a pattern that matches a file path such as `notes/plan.md`, bare or in quotes. Needs flag `u`. */
export const pathPattern = String.raw`["“'\x60]?(${pathText})["”'\x60]?`;

const leadingPoliteness =
  /^(?:(?:hey|hi|hello|ok(?:ay)?|so|well|now|also|then|and|just|please|pls|plz|kindly|first|next|finally|oh|oops|maybe|perhaps)[\s,!.]+|(?:(?:could|can|would|will) (?:you|u)(?: please| pls| kindly| maybe)?(?: help me(?: to)?)?|(?:i(?:'d| would) (?:like|love|want) you to|i (?:want|need) you to|let's|let us|would you mind|is it possible to|i was wondering if you could|you should|matrix)),?\s+)+/i;
const trailingPoliteness =
  /(?:[\s,]+(?:please|pls|plz|thanks|thank you|thx|for me(?! to)|now|if you can|if possible|will you))+\s*[.!?]*$/i;

/** The request without its politeness, at both ends; punctuation inside stays. */
export function withoutPoliteness(clause: string): string {
  const start = clause.trim().replace(leadingPoliteness, "");
  return start.replace(trailingPoliteness, "").trim();
}

/** The text without surrounding quotes and without sentence punctuation at its end. */
export function unquoted(text: string): string {
  const trimmed = text.trim();
  const quoted = /^(?:"([^"]*)"|“([^”]*)”|'([^']*)'|`([^`]*)`)[.!?,]*$/s.exec(trimmed);
  if (quoted) return quoted[1] ?? quoted[2] ?? quoted[3] ?? quoted[4] ?? "";
  return trimmed.replace(/[\s.!?,;]+$/, "");
}

/** A home-relative path: no quotes, no leading `~/`, `./` or `/`. */
export function cleanPath(text: string): string {
  return unquoted(text).replace(/^(?:~\/|\.\/|\/)+/, "");
}

/** A folder or file name made of a title: `Morning routine!` becomes `morning-routine`. */
export function slugOf(title: string): string {
  const ascii = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return ascii
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
}

/** The text with its first letter in upper case. */
export function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
