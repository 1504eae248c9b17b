import type Anthropic from "@anthropic-ai/sdk";
import { APIUserAbortError } from "@anthropic-ai/sdk";
import { unavailable } from "@matrix-os/contracts/errors";
import type { ModelAnswer, ModelCall, ModelClient, ModelRequest } from "@matrix-os/turn/model";
import type { Block, ModelMessage } from "@matrix-os/turn/turn-state";
import type { ModelAccess } from "../config.ts";
import { createAnthropicClient } from "./anthropic-client.ts";
import { toModelError } from "./to-model-error.ts";

/** Silence on an open stream after which the call counts as lost. */
const SILENCE_MS = 120_000;

/** A model behind the Messages API, streamed. What its server says of a failure is told without secrets. */
export function createAnthropicModel(access: ModelAccess, redact: (text: string) => string): ModelClient {
  const client = createAnthropicClient(access);
  return { ask: (request, call) => ask({ client, redact }, request, call) };
}

interface Line {
  readonly client: Anthropic;
  readonly redact: (text: string) => string;
}

async function ask({ client, redact }: Line, request: ModelRequest, call: ModelCall): Promise<ModelAnswer> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const signal = AbortSignal.any([call.signal, silence.signal]);
  const stream = client.messages.stream(toParams(request), { signal });
  stream.on("text", (text) => call.onText(text));
  stream.on("streamEvent", () => timer.refresh());
  try {
    return toAnswer(await stream.finalMessage(), request);
  } catch (thrown) {
    if (call.signal.aborted && thrown instanceof APIUserAbortError)
      return toPartialAnswer(stream.currentMessage, request);
    if (silence.signal.aborted) throw unavailable("model-unreachable", "the model fell silent", { cause: thrown });
    throw toModelError(thrown, redact);
  } finally {
    clearTimeout(timer);
  }
}

function toParams(request: ModelRequest): Anthropic.MessageStreamParams {
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    system: request.system as unknown as Anthropic.TextBlockParam[],
    tools: request.tools as Anthropic.Tool[],
    messages: markLast(request.messages) as unknown as Anthropic.MessageParam[],
  };
}

/** The server may cache everything up to the last message for the next step. */
function markLast(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (last === undefined || block === undefined || block.type === "thinking") return messages;
  const marked = { ...block, cache_control: { type: "ephemeral" } };
  return [...messages.slice(0, -1), { ...last, content: [...last.content.slice(0, -1), marked] }];
}

function toAnswer(message: Anthropic.Message, request: ModelRequest): ModelAnswer {
  return {
    content: message.content as unknown as Block[],
    stopReason: message.stop_reason ?? "end_turn",
    usage: toUsage(message.usage),
    model: message.model ?? request.model,
    requestId: undefined,
  };
}

/** Text that had come when the owner stopped; half a tool call is dropped, it was never asked for completely. */
function toPartialAnswer(message: Anthropic.Message | undefined, request: ModelRequest): ModelAnswer {
  const content = (message?.content ?? []).filter(
    (block) => block.type === "text" && block.text !== "",
  ) as unknown as Block[];
  return {
    content: content.length > 0 ? content : [],
    stopReason: "stopped",
    usage: toUsage(message?.usage),
    model: request.model,
    requestId: undefined,
  };
}

function toUsage(usage: Anthropic.Usage | undefined): ModelAnswer["usage"] {
  return {
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    cacheReadTokens: usage?.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage?.cache_creation_input_tokens ?? 0,
    costUsd: 0,
  };
}
