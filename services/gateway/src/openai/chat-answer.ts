import type { Usage } from "@matrix-os/contracts/turn/message";

/** What all parts of one answer share. */
export interface AnswerHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** OpenAI's count of tokens; cached ones are part of the prompt there. */
export function toOpenAiUsage(usage: Usage | undefined): Record<string, unknown> {
  const prompt = (usage?.inputTokens ?? 0) + (usage?.cacheReadTokens ?? 0) + (usage?.cacheWriteTokens ?? 0);
  const completion = usage?.outputTokens ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage?.cacheReadTokens ?? 0 },
  };
}

/** A whole answer. */
export function toCompletion(head: AnswerHead, text: string, usage: Usage | undefined): Record<string, unknown> {
  return {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: "stop" }],
    usage: toOpenAiUsage(usage),
  };
}

/** One part of a streamed answer; `finish` marks the last one with a choice. */
export function toChunk(head: AnswerHead, delta: Record<string, unknown>, finish: "stop" | null = null): Record<string, unknown> {
  return { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] };
}

/** The part that carries the usage, after the last choice. */
export function toUsageChunk(head: AnswerHead, usage: Usage | undefined): Record<string, unknown> {
  return { ...head, object: "chat.completion.chunk", choices: [], usage: toOpenAiUsage(usage) };
}
