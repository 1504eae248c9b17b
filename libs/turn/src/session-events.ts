import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { Step } from "@matrix-os/contracts/turn/message";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";

/** The turn whose journal is turned into events. */
export interface TurnPlace {
  readonly session: string;
  readonly turn: string;
  readonly arrival: number;
}

type Calls = Map<string, Pick<Step, "call" | "tool" | "label">>;

/**
 * What a shell shows of a turn, from its journal read from line 1 on. The same lines always give the same events with the
 * same cursors, so a live view and a replay can't differ.
 */
export function toSessionEvents(place: TurnPlace, lines: readonly JournalLine[]): SessionEvent[] {
  const calls: Calls = new Map();
  return lines.flatMap((line) => toEvent(place, line, calls) ?? []);
}

/** A converter that remembers the calls it saw: feed it every line of one turn in order. */
export function createEventWriter(place: TurnPlace): (lines: readonly JournalLine[]) => SessionEvent[] {
  const calls: Calls = new Map();
  return (lines) => lines.flatMap((line) => toEvent(place, line, calls) ?? []);
}

function toEvent(place: TurnPlace, line: JournalLine, calls: Calls): SessionEvent | undefined {
  const { session, turn } = place;
  const base = { cursor: `${place.arrival}.${line.n}`, session, turn, at: line.at };
  const { record } = line;
  switch (record.kind) {
    case "begin":
      return { ...base, type: "message", id: `${turn}.user`, role: "user", text: record.input.text };
    case "model.response": {
      // A refused call has no intent that would name its tool.
      for (const { id, name } of record.content.filter(isToolUse)) calls.set(id, { call: id, tool: name, label: "" });
      const text = toText(record.content);
      return text === "" ? undefined : { ...base, type: "text", step: record.step, text };
    }
    case "model.failed":
      return { ...base, type: "retry", attempt: record.attempt, error: record.error };
    case "notice":
      return { ...base, type: "notice", code: record.code, message: record.message };
    case "ask": {
      const { ask, call, tool, words, expiresAt } = record;
      return { ...base, type: "ask", ask, call, tool, words, expiresAt };
    }
    case "approval":
      return { ...base, type: "answered", ask: record.ask, call: record.call, verdict: record.verdict };
    case "tool.intent":
      calls.set(record.call, { call: record.call, tool: record.name, label: record.label });
      return { ...base, type: "step", call: record.call, tool: record.name, label: record.label, state: "running" };
    case "tool.result":
    case "tool.doubt":
      return toStepEnd(base, record, calls.get(record.call));
    case "end":
      return {
        ...base,
        type: "finished",
        status: record.status,
        id: `${turn}.assistant`,
        text: record.text,
        ...(record.error === undefined ? {} : { error: record.error }),
      };
    case "steer":
      return { ...base, type: "message", id: `${record.input.key}.user`, role: "user", text: record.input.text };
    case "fence":
    case "model.request":
    case "outbox":
      return undefined;
    default:
      return record satisfies never;
  }
}

function isToolUse(block: {
  readonly type: string;
}): block is { readonly type: "tool_use"; readonly id: string; readonly name: string } {
  return (
    block.type === "tool_use" &&
    "id" in block &&
    typeof block.id === "string" &&
    "name" in block &&
    typeof block.name === "string"
  );
}

function toStepEnd(
  base: Pick<SessionEvent, "cursor" | "session" | "turn" | "at">,
  record: Extract<TurnRecord, { kind: "tool.result" | "tool.doubt" }>,
  known: Pick<Step, "call" | "tool" | "label"> | undefined,
): SessionEvent {
  const step = known ?? { call: record.call, tool: "unknown", label: "" };
  const state = record.kind === "tool.doubt" ? "in-doubt" : record.isError ? "failed" : "done";
  return { ...base, type: "step", ...step, state };
}

/** The text of content blocks, in order, exactly as the model wrote it; blank blocks say nothing. */
export function toText(content: readonly { readonly type: string; readonly text?: unknown }[]): string {
  return content
    .filter((block) => block.type === "text" && typeof block.text === "string")
    .map((block) => String(block.text))
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}
