import type Anthropic from "@anthropic-ai/sdk";
import { unavailable } from "@matrix-os/contracts/errors";
import type { ModelAnswer, ModelCall, ModelClient, ModelRequest } from "@matrix-os/turn/model";
import type { ModelMessage } from "@matrix-os/turn/turn-state";
import type { ModelAccess } from "../config.ts";
import { AnswerBuilder } from "./answer-builder.ts";
import { createAnthropicClient } from "./anthropic-client.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { toModelError } from "./to-model-error.ts";

/** How long a server may keep the connection open behind its answer, so that it can be used again. */
const CLOSE_WITHIN_MS = 1_000;

/** How calls are made: without content but pings for `silenceMs` one counts as lost; what its server says of a failure is told without secrets. */
export interface ModelCalling {
  readonly silenceMs: number;
  readonly redact: (text: string) => string;
}

/** A model behind the Messages API, streamed. */
export function createAnthropicModel(access: ModelAccess, calling: ModelCalling): ModelClient {
  const client = createAnthropicClient(access, boundedFetch);
  return { ask: (request, call) => ask(client, request, { ...call, ...calling }) };
}

async function ask(client: Anthropic, request: ModelRequest, call: ModelCall & ModelCalling): Promise<ModelAnswer> {
  const builder = new AnswerBuilder(request.model);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), call.silenceMs);
  const signal = AbortSignal.any([call.signal, silence.signal]);
  try {
    const stream = await client.messages.create(toParams(request), { signal });
    await listen(stream, builder, {
      onText: call.onText,
      onContent: () => timer.refresh(),
      close: () => silence.abort(),
    });
    return builder.toAnswer();
  } catch (thrown) {
    if (call.signal.aborted && !builder.isWhole) return builder.toPartialAnswer();
    call.onUsage?.(builder.toUsageSoFar());
    if (silence.signal.aborted && !builder.isWhole)
      throw unavailable("model-unreachable", "the model fell silent", { cause: thrown });
    throw toModelError(thrown, call.redact);
  } finally {
    clearTimeout(timer);
  }
}

interface Listening {
  readonly onText: (text: string) => void;
  readonly onContent: () => void;
  readonly close: () => void;
}

/** Hears a stream to its end. A connection that ends badly takes nothing from an answer that has come. */
async function listen(stream: AsyncIterable<unknown>, builder: AnswerBuilder, call: Listening): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  try {
    for await (const event of stream) {
      const text = builder.add(event);
      if (text !== "") call.onText(text);
      if (builder.isWhole) late ??= setTimeout(call.close, CLOSE_WITHIN_MS);
      else call.onContent();
    }
  } catch (thrown) {
    if (!builder.isWhole) throw thrown;
  } finally {
    clearTimeout(late);
  }
}

function toParams(request: ModelRequest): Anthropic.MessageCreateParamsStreaming {
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    stream: true,
    system: request.system as unknown as Anthropic.TextBlockParam[],
    ...(request.tools.length === 0 ? {} : { tools: request.tools as Anthropic.Tool[] }),
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
