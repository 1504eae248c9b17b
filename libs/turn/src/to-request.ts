import { rejected } from "@matrix-os/contracts/errors";
import type { ModelRequest } from "./model.ts";
import type { Prompt } from "./run-turn.ts";
import { type Shortening, shortenResults } from "./shorten-results.ts";
import { toModelMessages } from "./to-model-messages.ts";
import { toTokens } from "./token-estimate.ts";
import type { ModelMessage, TurnState } from "./turn-state.ts";

/** Failures of one step after which the fallback model is asked. */
const FALLBACK_AFTER = 2;
/** Steps at the end of a turn that the model still works with. */
const FRESH_STEPS = 2;

/** How hard a long turn is shortened, step by step, until its request fits. */
const shortenings: readonly Shortening[] = [
  { maxChars: 1_200, sparedSteps: FRESH_STEPS },
  { maxChars: 6_000, sparedSteps: 0 },
  { maxChars: 1_200, sparedSteps: 0 },
];

/** Who is asked at this try of a step. */
function toModelName(prompt: Prompt, attempt: number): string {
  return attempt > FALLBACK_AFTER ? (prompt.fallbackModel ?? prompt.model) : prompt.model;
}

/**
 * The next request of a turn. Where the whole would be over the prompt's limit, old tool results are shortened, each in its
 * place beside its call. Throws `budget-spent` when that is not enough: a request over the limit is never made.
 */
export function toRequest(prompt: Prompt, state: TurnState, attempt: number): ModelRequest {
  const messages = toFitting(prompt, toModelMessages(state));
  return { ...prompt, model: toModelName(prompt, attempt), messages: [...prompt.history, ...messages] };
}

function toFitting(prompt: Prompt, messages: ModelMessage[]): ModelMessage[] {
  const { maxTokens = Number.POSITIVE_INFINITY } = prompt;
  const around = toTokens([prompt.system, prompt.tools, prompt.history]);
  let tokens = around + toTokens(messages);
  if (tokens <= maxTokens) return messages;
  for (const how of shortenings) {
    const shortened = shortenResults(messages, how);
    tokens = around + toTokens(shortened);
    if (tokens <= maxTokens) return shortened;
  }
  throw rejected("budget-spent", `the request would have about ${tokens} tokens; ${maxTokens} are allowed`);
}
