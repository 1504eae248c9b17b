import type { AnswerBlock } from "../answer/script.ts";
import type { Prompt } from "./schemas.ts";

/** Token counts in the shape of the Messages API; estimated, nothing is ever cached. */
export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

/** Tokens of a prompt, estimated at four characters each; at least one. */
export function estimateInputTokens({ system, messages, tools }: Prompt): number {
  return tokensIn(JSON.stringify([system ?? "", messages, tools ?? []]));
}

/** Tokens of an answer, estimated at four characters each; at least one. */
export function estimateOutputTokens(blocks: AnswerBlock[]): number {
  return tokensIn(blocks.map((block) => (block.type === "text" ? block.text : JSON.stringify(block.input))).join(""));
}

/** The usage object for given estimates. */
export function toUsage(inputTokens: number, outputTokens: number): Usage {
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
}

function tokensIn(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
