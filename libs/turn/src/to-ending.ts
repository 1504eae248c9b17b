import type { StoredMessage, TranscriptEntry } from "@matrix-os/contracts/turn/message";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import type { Ending } from "./journal.ts";
import { cutToJsonBytes, toJsonBytes } from "./cut-text.ts";
import { toModelMessages, toSayable } from "./to-model-messages.ts";
import { toOutbox } from "./to-outbox.ts";
import { type Block, type ModelMessage, type TurnState, foldTurn, toPeopleSteps } from "./turn-state.ts";

/** Longest string of a tool call or result that later turns see again; the file itself has the rest. */
const MAX_KEPT_CHARS = 2_000;
const MAX_EXCHANGE_BYTES = 60_000;
/** What a question and an answer may take where the whole exchange would take too much. */
const MAX_SHORT_TEXT_BYTES = 20_000;

/** What stays of a turn: two transcript lines, and for channels that are written to, the parts of the answer. */
export function toEnding(before: TurnState, message: StoredMessage, records: readonly TurnRecord[]): Ending {
  const at = new Date().toISOString();
  const lines = records.map((record, index) => ({ n: before.length + index + 1, at, epoch: 1, prev: "", record }));
  const state = foldTurn(before, lines);
  const { ended } = state;
  const base = { turn: message.key, arrival: message.arrival };
  const joined = state.joined.map(({ input }) => input);
  const questions = [message, ...joined].map((asked): TranscriptEntry => ({
    ...base,
    id: `${asked.key}.user`,
    role: "user",
    text: asked.text,
    at: asked.at,
    steps: [],
  }));
  const answer: TranscriptEntry = {
    ...base,
    id: `${message.key}.assistant`,
    role: "assistant",
    text: ended?.text ?? "",
    at,
    steps: toPeopleSteps(state),
    status: ended?.status ?? "failed",
    ...(ended?.error === undefined ? {} : { error: ended.error }),
    usage: state.usage,
    exchange: toExchange(state) as unknown as Record<string, unknown>[],
  };
  return {
    transcript: [...questions, answer],
    outbox: toOutbox([message, ...joined], state),
    usage: state.usage,
    model: state.model,
    taint: [...state.taint],
    ...(joined.length === 0 ? {} : { joined: joined.map(({ key }) => key) }),
  };
}

/** The turn in the model's own form, shortened, ending with the assistant, so that the next question can follow. */
export function toExchange(state: TurnState): ModelMessage[] {
  const messages = toModelMessages(state);
  const last = state.steps.at(-1);
  const closing: ModelMessage = { role: "assistant", content: [{ type: "text", text: toClosing(state) }] };
  const hasSaidLast = last !== undefined && last.calls.length === 0 && toSayable(last).length > 0;
  const whole = hasSaidLast ? messages.slice(0, -1) : [...messages, closing];
  const shortened = whole.map((message) => ({ ...message, content: shortenContent(message.content) }));
  if (toJsonBytes(shortened) <= MAX_EXCHANGE_BYTES) return shortened;
  return [shortened[0] as ModelMessage, closing].map((message) => ({
    ...message,
    content: message.content.map(shortenText),
  }));
}

function toClosing({ ended }: TurnState): string {
  if (ended === undefined || ended.status === "done") return ended?.text || "(done)";
  const reason = ended.status === "stopped" ? "stopped by the owner" : `failed: ${ended.error?.code ?? "internal"}`;
  return `${ended.text}\n(${reason})`.trim();
}

function shortenText(block: Block): Block {
  const text = String(block["text"]);
  const kept = cutToJsonBytes(text, MAX_SHORT_TEXT_BYTES);
  return kept === text ? block : { ...block, text: `${kept}\n[… ${text.length} characters in all]` };
}

function shortenContent(content: readonly Block[]): Block[] {
  const kept = content.flatMap(shortenBlock);
  return kept.length > 0 ? kept : [{ type: "text", text: "…" }];
}

function shortenBlock(block: Block): Block[] {
  if (block.type === "thinking" || block.type === "redacted_thinking") return [];
  if (block.type === "tool_use") return [{ ...block, input: shorten(block["input"]) }];
  if (block.type === "tool_result") return [{ ...block, content: shorten(block["content"]) }];
  return [block];
}

function shorten(value: unknown): unknown {
  if (typeof value === "string" && value.length > MAX_KEPT_CHARS) {
    return `${value.slice(0, MAX_KEPT_CHARS / 2)}\n[… ${value.length} characters in all]`;
  }
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner)]));
  }
  return value;
}
