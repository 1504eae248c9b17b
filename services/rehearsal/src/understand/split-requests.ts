import type { Intent } from "./intent.ts";
import { withoutPoliteness } from "./wording.ts";

/** A piece of a message and what it asks for. */
export interface Request {
  text: string;
  intent: Intent;
}

type Understand = (clause: string) => Intent;

const separator =
  /\s*[,;]?\s+(?:and\s+then|and\s+also|after\s+that|and|then|also|plus|und|dann)\s+|\s*[;.!?]+\s+(?:(?:and|then|also|after that|next|finally),?\s+)?|,\s+|\s*\n\s*(?:[-*•]\s+|\d+[.)]\s+)?/gi;
const verbs =
  /^(?:make|build|create|write|save|take|jot|note|add|append|put|remember|keep|don't|delete|remove|erase|rename|move|show|read|open|list|search|find|look|summari[sz]e|undo|revert|change|set|switch|turn|use|give|call|what|which|where|tell|send|email|mail|remind|book|order|play|translate|post|tweet|schedule|start|stop|run|install|deploy|upload|download|merk|mach|i (?:need|want|would like)|i'd like)\b/i;
const unfinished: ReadonlySet<Intent["kind"]> = new Set([
  "remember",
  "write-file",
  "append-file",
  "search-files",
  "unknown",
]);

/**
 * Cuts a message at «and», «then», full stops and line ends, but only where a new request begins: both sides must make
 * sense on their own. Quoted and fenced text, and everything after «with:» and a line end, is never cut.
 */
export function splitRequests(message: string, understand: Understand): Request[] {
  const requests: Request[] = [];
  const guarded = guardedRanges(message);
  let start = 0;
  for (const match of message.matchAll(separator)) {
    const [cut, next] = [match.index, match.index + match[0].length];
    if (cut <= start || guarded.some(([from, to]) => cut >= from && cut < to)) continue;
    const left = message.slice(start, cut);
    if (!beginsRequest(message.slice(next), left, understand)) continue;
    requests.push({ text: left, intent: understand(left) });
    start = next;
  }
  const last = message.slice(start).replace(/^\s*(?:[-*•]\s+|\d+[.)]\s+)/, "");
  return [...requests, { text: last, intent: understand(last) }];
}

/** Whether the words ask for something to be done, known or not. */
export function isCommand(clause: string): boolean {
  return verbs.test(withoutPoliteness(clause));
}

function beginsRequest(right: string, left: string, understand: Understand): boolean {
  const command = withoutPoliteness(right);
  if (/^(?:an?|some)\s/i.test(command)) return [left, right].every((part) => understand(part).kind === "create-app");
  if (!isCommand(right)) return false;
  if (understand(firstSentence(command)).kind !== "unknown" || understand(command).kind !== "unknown") return true;
  return !unfinished.has(understand(left).kind);
}

function firstSentence(text: string): string {
  return text.split(/[.!?;]\s|\n|,?\s+(?:and|then)\s+/, 1)[0] ?? text;
}

/** Stretches that hold a person's own text. */
function guardedRanges(message: string): Array<[number, number]> {
  const quoted = /```.*?```|"[^"]*"|“[^”]*”|`[^`\n]*`|(?<=[\s:])'[^'\n]*'(?=[\s.,!?]|$)/gs;
  const ranges = [...message.matchAll(quoted)].map((match): [number, number] => [
    match.index,
    match.index + match[0].length,
  ]);
  const body = /\.[a-z]{1,5}\b[^\n]{0,60}:[ \t]*\n|\bnote\b[^\n]{0,30}:[ \t]*\n/i.exec(message);
  return body ? [...ranges, [body.index + body[0].length - 1, message.length]] : ranges;
}
