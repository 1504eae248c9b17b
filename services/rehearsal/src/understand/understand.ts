import { changeRequest } from "./app-requests.ts";
import { createRequest } from "./create-requests.ts";
import { fileRequest } from "./file-requests.ts";
import type { Intent } from "./intent.ts";
import { correctCommand, inEnglish } from "./spelling.ts";
import { isCommand, splitRequests } from "./split-requests.ts";
import { echoRequest, memoryRequest, talkRequest } from "./talk-requests.ts";
import { withoutPoliteness } from "./wording.ts";

/** What a message asks for, in the order it was asked. Never empty; what can't be understood is `unknown`. */
export function understand(message: string): Intent[] {
  const echo = echoRequest(message);
  if (echo) return [echo];
  const intents = splitRequests(withFieldApart(message), understandClause).map(({ intent }) => intent);
  const actions = intents.filter((intent) => intent.kind !== "talk" || intent.about === "time");
  return actions.length > 0 ? withoutAsides(actions) : intents.slice(0, 1);
}

/** «make a timer with a field called Place» is two requests. */
function withFieldApart(message: string): string {
  return message.replace(/\s+with (an?(?: extra)? (?:field|column) (?:called|named|for)\b)/i, " and add $1");
}

/** One clause → one intent. Typos are corrected only when the words as typed make no sense. */
function understandClause(clause: string): Intent {
  const english = inEnglish(clause.trim());
  const asTyped = parse(english);
  if (asTyped) return asTyped;
  return parse(correctCommand(withoutPoliteness(english))) ?? { kind: "unknown", text: clause.trim() };
}

function parse(clause: string): Intent | undefined {
  const request = withoutPoliteness(clause);
  return (
    talkRequest(clause) ??
    memoryRequest(request) ??
    fileRequest(request) ??
    changeRequest(request) ??
    createRequest(request) ??
    talkRequest(request)
  );
}

/** Beside real requests, a sentence that asks for nothing («oops», «I'm new here») is left without an answer. */
function withoutAsides(intents: Intent[]): Intent[] {
  const kept = intents.filter((intent) => intent.kind !== "unknown" || isCommand(intent.text));
  return kept.length > 0 ? kept : intents.slice(0, 1);
}
