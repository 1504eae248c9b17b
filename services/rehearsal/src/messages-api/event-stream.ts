import { setTimeout as wait } from "node:timers/promises";
import type { AnswerBlock } from "../answer/script.ts";
import type { AnswerMessage } from "./answer-message.ts";
import { toUsage } from "./usage.ts";

/** How a stream is cut and paced. */
export interface StreamPace {
  /** Pause before each text delta; 0 sends everything at once. */
  delayMs: number;
}

const textPieceLength = 24;
const jsonPieceLength = 512;
/** A long text is cut into at most this many deltas. */
const maxPieces = 64;

/** The message as server-sent events, in the order and with the fields the official client needs. */
export async function* toEventStream(message: AnswerMessage, { delayMs }: StreamPace): AsyncGenerator<string> {
  const { content, stop_reason, stop_sequence, usage, ...start } = message;
  const startUsage = toUsage(usage.input_tokens, 1);
  yield event("message_start", {
    message: { ...start, content: [], stop_reason: null, stop_sequence: null, usage: startUsage },
  });
  for (const [index, block] of content.entries()) {
    yield event("content_block_start", { index, content_block: emptyBlock(block) });
    for (const delta of deltasOf(block)) {
      if (delayMs > 0 && block.type === "text") await wait(delayMs);
      yield event("content_block_delta", { index, delta });
    }
    yield event("content_block_stop", { index });
  }
  yield event("message_delta", { delta: { stop_reason, stop_sequence }, usage });
  yield event("message_stop", {});
}

function event(type: string, fields: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function emptyBlock(block: AnswerBlock): Record<string, unknown> {
  return block.type === "text" ? { type: "text", text: "" } : { ...block, input: {} };
}

function deltasOf(block: AnswerBlock): Array<Record<string, string>> {
  if (block.type === "text") return pieces(block.text, textPieceLength).map((text) => ({ type: "text_delta", text }));
  const json = pieces(JSON.stringify(block.input), jsonPieceLength);
  return ["", ...json].map((piece) => ({ type: "input_json_delta", partial_json: piece }));
}

/** Cuts a text into pieces without cutting a surrogate pair. */
function pieces(text: string, shortest: number): string[] {
  const length = Math.max(shortest, Math.ceil(text.length / maxPieces));
  const result: string[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + length, text.length);
    if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? "") && end < text.length) end += 1;
    result.push(text.slice(start, end));
  }
  return result;
}
