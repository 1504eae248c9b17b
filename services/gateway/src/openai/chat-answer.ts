import { type Usage, noUsage } from "@matrix-os/contracts/turn/message";

/** What all parts of one answer share. */
export interface AnswerHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** OpenAI's count of tokens; cached ones are part of the prompt there. */
function toOpenAiUsage(usage: Usage = noUsage): Record<string, unknown> {
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.outputTokens,
    total_tokens: prompt + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
  };
}

/** A whole answer. */
export function toCompletion(head: AnswerHead, text: string, usage: Usage | undefined): Record<string, unknown> {
  return {
    ...head,
    object: "chat.completion",
    choices: [
      { index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: "stop" },
    ],
    usage: toOpenAiUsage(usage),
  };
}

/** One part of a streamed answer; `finish` marks the last one with a choice. */
export function toChunk(
  head: AnswerHead,
  delta: Record<string, unknown>,
  finish: "stop" | null = null,
): Record<string, unknown> {
  return {
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  };
}

/** The part that carries the usage, after the last choice. */
export function toUsageChunk(head: AnswerHead, usage: Usage | undefined): Record<string, unknown> {
  return { ...head, object: "chat.completion.chunk", choices: [], usage: toOpenAiUsage(usage) };
}
