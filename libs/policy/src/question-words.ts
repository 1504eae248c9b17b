import type { Action } from "@matrix-os/contracts/policy/action";
import { type DiffLine, MAX_DETAIL_BYTES, type QuestionWords } from "@matrix-os/contracts/policy/question";
import { diffLines } from "./diff-lines.ts";
import type { Facts } from "./deeds.ts";

/** A call that the owner is asked about, with what the file holds now, where the call writes one. */
export interface Asked {
  readonly action: Action;
  readonly facts: Facts;
  readonly why: string;
  readonly before?: string | undefined;
}

/** Files that a question lists. */
const MAX_LISTED = 20;

/**
 * The words of a question, made from the arguments alone: what they say is shown whole and as it is, signs that would not be
 * seen included. `undefined` when it is too long to be seen whole.
 */
export function toQuestionWords(asked: Asked): QuestionWords | undefined {
  const words = toWords(asked);
  return Buffer.byteLength(JSON.stringify(words)) > MAX_DETAIL_BYTES ? undefined : words;
}

function toWords({ action, facts, why, before }: Asked): QuestionWords {
  switch (action.do) {
    case "read":
      return toPlain("Read files", why, []);
    case "write":
      return toWriteWords(action, why, before);
    case "move": {
      const named = [fact("From", action.from), fact("To", action.to)];
      return toPlain(`Move ${reveal(action.from)} to ${reveal(action.to)}`, why, [...named, ...listFiles(facts)]);
    }
    case "delete": {
      const title = `Delete ${action.paths.map(reveal).join(", ")}`;
      return toPlain(title, why, listFiles(facts));
    }
    case "undo":
      return toPlain(action.direction === "undo" ? "Take the newest change back" : "Bring the change back", why, [
        ...listFiles(facts),
      ]);
    case "end":
      return toPlain("End a command", why, []);
    case "run":
      return toRunWords(action, facts.commandHosts ?? [], why);
    case "fetch":
      return toPlain(`Open ${reveal(toHost(action.url))}`, why, [fact("Address", action.url)]);
    case "send":
      return toPlain(`Send a message to ${reveal(action.recipient)}`, why, [
        fact("To", action.recipient),
        fact("Text", action.text),
      ]);
    default:
      return action satisfies never;
  }
}

function toRunWords(
  { command, folder, hosts }: Extract<Action, { do: "run" }>,
  granted: readonly string[],
  why: string,
): QuestionWords {
  const reached = [...hosts, ...granted];
  const title =
    reached.length === 0 ? "Run a command" : `Run a command that may reach ${reached.map(reveal).join(", ")}`;
  const place = folder === undefined ? [] : [fact("Folder", folder)];
  return toPlain(title, why, [fact("Command", command), ...place, ...reached.map((host) => fact("Host", host))]);
}

function toWriteWords(
  { paths, text, replacements }: Extract<Action, { do: "write" }>,
  why: string,
  before: string | undefined,
): QuestionWords {
  const title = `${before === undefined && text !== undefined ? "Write" : "Change"} ${paths.map(reveal).join(", ")}`;
  const facts = paths.map((path) => fact("File", path));
  const diff = text === undefined ? toReplacementLines(replacements ?? []) : diffLines(before ?? "", text);
  return { ...toPlain(title, why, facts), diff: diff.map((line) => ({ ...line, text: reveal(line.text) })) };
}

function toReplacementLines(replacements: readonly { readonly old: string; readonly new: string }[]): DiffLine[] {
  const toLines = (kind: "added" | "removed", text: string): DiffLine[] =>
    text === "" ? [] : text.split("\n").map((line) => ({ kind, text: line }));
  return replacements.flatMap((one) => [...toLines("removed", one.old), ...toLines("added", one.new)]);
}

function listFiles({ paths, pathCount }: Facts): QuestionWords["facts"] {
  const listed = paths.slice(0, MAX_LISTED).map((path) => fact("File", path));
  const others = pathCount - listed.length;
  return others > 0 ? [...listed, fact("And", `${others} more files, ${pathCount} in all`)] : listed;
}

function toHost(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function toPlain(title: string, why: string, facts: QuestionWords["facts"]): QuestionWords {
  return { title, why, facts };
}

function fact(name: string, value: string): { name: string; value: string } {
  return { name, value: reveal(value) };
}

/** Signs that change how a text looks without being seen are written out, so that it can't look like another one. */
function reveal(text: string): string {
  return text.replaceAll(HIDDEN, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

const HIDDEN = /[\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?![\t\n])\p{Cc}/gu;
