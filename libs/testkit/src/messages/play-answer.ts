import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { ScriptedAnswer, ScriptedBlock } from "./answers.ts";
import type { MessagesRequest } from "./check-request.ts";

type Answer = Extract<ScriptedAnswer, { do: "answer" }>;

/** Does what the script says with one call. */
export async function playAnswer(
  answer: ScriptedAnswer,
  request: MessagesRequest,
  response: ServerResponse,
): Promise<void> {
  switch (answer.do) {
    case "refuse":
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(
        JSON.stringify({
          type: "error",
          error: { type: answer.type, message: answer.message ?? `scripted ${answer.status}` },
        }),
      );
      return;
    case "say":
      return say(answer, response);
    case "hang":
      return;
    case "answer":
      return request.stream ? await stream(answer, request, response) : sendWhole(answer, request, response);
    default:
      return answer satisfies never;
  }
}

const SAY_AGAIN_MS = 50;

async function say(
  { type, body, forever }: Extract<ScriptedAnswer, { do: "say" }>,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { "content-type": type });
  response.write(body);
  while (forever !== undefined && !response.destroyed) {
    response.write(forever);
    await delay(SAY_AGAIN_MS);
  }
  response.end();
}

async function stream(answer: Answer, request: MessagesRequest, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  let left = answer.cutAtByte ?? Number.POSITIVE_INFINITY;
  const say = (event: Record<string, unknown>): boolean => {
    const bytes = Buffer.from(`event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`);
    response.write(bytes.subarray(0, left));
    left -= bytes.length;
    return left > 0;
  };
  for await (const event of toEvents(answer, request)) {
    if (response.destroyed) return;
    if (say(event)) continue;
    // What was written arrives before the end.
    response.socket?.end();
    return;
  }
  response.end();
}

async function* toEvents(answer: Answer, request: MessagesRequest): AsyncGenerator<Record<string, unknown>> {
  yield {
    type: "message_start",
    message: {
      ...toEmptyMessage(request),
      usage: { input_tokens: answer.inputTokens ?? 10, output_tokens: 1 },
    },
  };
  let piece = 0;
  for (const [index, block] of answer.blocks.entries()) {
    yield { type: "content_block_start", index, content_block: toEmptyBlock(block) };
    for (const part of block.pieces) {
      await answer.gate?.(piece);
      if (answer.failAfterPieces === piece) {
        yield { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
        return;
      }
      yield { type: "content_block_delta", index, delta: toDelta(block, part) };
      piece += 1;
    }
    yield { type: "content_block_stop", index };
  }
  yield {
    type: "message_delta",
    delta: { stop_reason: answer.stopReason, stop_sequence: null },
    usage: { output_tokens: 5 },
  };
  yield { type: "message_stop" };
}

function toEmptyBlock(block: ScriptedBlock): Record<string, unknown> {
  return block.type === "text"
    ? { type: "text", text: "" }
    : { type: "tool_use", id: block.id, name: block.name, input: {} };
}

function toDelta(block: ScriptedBlock, part: string): Record<string, unknown> {
  return block.type === "text" ? { type: "text_delta", text: part } : { type: "input_json_delta", partial_json: part };
}

function sendWhole(answer: Answer, request: MessagesRequest, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(toMessage(answer, request)));
}

function toMessage(answer: Answer, request: MessagesRequest): Record<string, unknown> {
  const content = answer.blocks.map((block) =>
    block.type === "text"
      ? { type: "text", text: block.pieces.join("") }
      : { type: "tool_use", id: block.id, name: block.name, input: JSON.parse(block.pieces.join("")) as unknown },
  );
  const usage = {
    input_tokens: answer.inputTokens ?? 10,
    output_tokens: 5,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  return { ...toEmptyMessage(request), content, stop_reason: answer.stopReason, usage };
}

/** A message before its first block: what a stream begins with. */
function toEmptyMessage({ model }: MessagesRequest): Record<string, unknown> {
  return {
    id: "msg_scripted",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}
