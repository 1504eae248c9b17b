import { toFacts } from "./facts.ts";
import type { Block, ModelMessage } from "./turn-state.ts";

/** How a turn's calls and results are shortened. */
export interface Shortening {
  /** Longest text that a call or a result keeps whole. */
  readonly maxChars: number;
  /** Steps at the end that stay as they are. */
  readonly sparedSteps: number;
}

const MAX_FACTS = 20;

/** A turn with its long texts shortened inside their blocks: no call loses its result and no message goes. */
export function shortenResults(messages: readonly ModelMessage[], how: Shortening): ModelMessage[] {
  const shortenedTo = messages.length - how.sparedSteps * 2;
  return messages.map((message, index) =>
    index > 0 && index < shortenedTo
      ? { ...message, content: message.content.map((block) => shortenBlock(block, how.maxChars)) }
      : message,
  );
}

function shortenBlock(block: Block, maxChars: number): Block {
  if (block.type === "tool_result") return { ...block, content: shorten(block["content"], maxChars) };
  return block.type === "tool_use" ? { ...block, input: shorten(block["input"], maxChars) } : block;
}

function shorten(value: unknown, maxChars: number): unknown {
  if (typeof value === "string") return value.length > maxChars ? shortenText(value, maxChars) : value;
  if (Array.isArray(value)) return value.map((inner) => shorten(inner, maxChars));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner, maxChars)]));
  return value;
}

/** Beginning, end, and the facts between them. */
function shortenText(text: string, maxChars: number): string {
  const part = Math.floor(maxChars / 3);
  const [head, middle, tail] = [text.slice(0, part), text.slice(part, -part), text.slice(-part)];
  const facts = toFacts(middle)
    .slice(0, MAX_FACTS)
    .map(({ value }) => value)
    .join(" · ")
    .slice(0, part);
  return `${head}\n[… shortened, ${text.length} characters in all; in between: ${facts}]\n${tail}`.toWellFormed();
}
