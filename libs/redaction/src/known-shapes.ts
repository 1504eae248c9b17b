/** One kind of secret that is known by its shape. */
interface Shape {
  /** A piece that every match has; the costly look is spared without it. */
  readonly hint: string;
  /** Linear: every repetition is bounded, and none of two neighbours take the same letters. A group named `keep` stays. */
  readonly pattern: RegExp;
}

const NOT_INSIDE = "(?<![A-Za-z0-9_-])";

/** Only shapes that nothing but a secret has: a text that is cut by mistake costs its reader more than it saves. */
const shapes: readonly Shape[] = [
  { hint: "sk-", pattern: new RegExp(`${NOT_INSIDE}sk-(?:ant|proj|svcacct|or)-[A-Za-z0-9_-]{20,250}`, "g") },
  { hint: "sk-", pattern: new RegExp(`${NOT_INSIDE}sk-[A-Za-z0-9]{32,100}(?![A-Za-z0-9_-])`, "g") },
  { hint: "AKIA", pattern: /\bAKIA[A-Z0-9]{16}\b/g },
  { hint: "ASIA", pattern: /\bASIA[A-Z0-9]{16}\b/g },
  { hint: "gh", pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { hint: "github_pat_", pattern: /\bgithub_pat_[A-Za-z0-9_]{50,255}\b/g },
  { hint: "xox", pattern: new RegExp(`${NOT_INSIDE}xox[abeoprs]-[A-Za-z0-9-]{20,250}`, "g") },
  { hint: ":AA", pattern: /(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g },
  { hint: "AIza", pattern: new RegExp(`${NOT_INSIDE}AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])`, "g") },
  {
    hint: "eyJ",
    pattern: new RegExp(
      `${NOT_INSIDE}eyJ[A-Za-z0-9_-]{10,400}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{16,1000}`,
      "g",
    ),
  },
  {
    hint: "PRIVATE KEY-----",
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----(?:[^-]|-(?!-)){0,8000}(?:-----END [A-Z0-9 ]{0,60}-----)?/g,
  },
  { hint: "earer ", pattern: /(?<keep>authorization["']?\s{0,3}[:=]\s{0,3}["']?bearer )[A-Za-z0-9+/._~=-]{8,4000}/gi },
  { hint: "asic ", pattern: /(?<keep>authorization["']?\s{0,3}[:=]\s{0,3}["']?basic )[A-Za-z0-9+/=]{8,4000}/gi },
  { hint: "-api-key", pattern: /(?<keep>x-api-key["']?\s{0,3}[:=]\s{0,3}["']?)[A-Za-z0-9+/._~=-]{8,4000}/gi },
  { hint: "/login?code=", pattern: /(?<keep>\/login\?code=)[A-Za-z0-9_-]{16,200}/g },
  { hint: "://", pattern: /(?<keep>:\/\/[^\s/:@"'<>]{1,100}:)[^\s/@"'<>]{3,200}(?=@)/g },
];

/** The text with everything that has the shape of a secret replaced by `[secret]`. */
export function redactShapes(text: string): string {
  return shapes.reduce(
    (so, { hint, pattern }) => (so.includes(hint) ? so.replace(pattern, (...found) => `${toKept(found)}[secret]`) : so),
    text,
  );
}

function toKept(found: readonly unknown[]): string {
  const groups = found.at(-1);
  const isNamed = typeof groups === "object" && groups !== null && "keep" in groups;
  return isNamed && typeof groups.keep === "string" ? groups.keep : "";
}
