import { rejected } from "@matrix-os/contracts/errors";
import { MAX_TEXT_LENGTH } from "@matrix-os/contracts/turn/message";
import { z } from "zod";

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(part)]).nullish(),
});

/** The part of OpenAI's chat completions request that means something here; the rest is ignored. */
export const chatRequest = z.looseObject({
  model: z.string().default("matrix-os"),
  messages: z.array(message).min(1).max(2_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  /** Names the session. */
  user: z.string().max(500).nullish(),
});

/** A checked request. */
export type ChatRequest = z.infer<typeof chatRequest>;

/** What a request says: the last user message, and what was said before it as one text. */
export interface ChatInput {
  readonly text: string;
  readonly context: string | undefined;
}

/** Errors: `invalid` naming the field, for parts that are not text and for requests without a user message. */
export function toChatInput(request: ChatRequest): ChatInput {
  const texts = request.messages.map((each, index) => toText(each, index));
  const last = request.messages.findLastIndex((each) => each.role === "user");
  const text = texts[last] ?? "";
  if (text === "") throw rejected("invalid", "messages: the last user message has no text", { field: "messages" });
  if (text.length > MAX_TEXT_LENGTH)
    throw rejected("too-large", `a message may have ${MAX_TEXT_LENGTH} characters`, { field: "messages" });
  const before = request.messages
    .slice(0, last)
    .flatMap(({ role }, index) => (texts[index] === "" ? [] : [`${role}: ${texts[index]}`]));
  return { text, context: before.length === 0 ? undefined : before.join("\n\n").slice(-MAX_TEXT_LENGTH) };
}

function toText({ content }: ChatRequest["messages"][number], index: number): string {
  if (typeof content === "string") return content;
  const parts = content ?? [];
  const other = parts.findIndex((each) => each.type !== "text" || each.text === undefined);
  if (other !== -1) {
    const field = `messages.${index}.content.${other}`;
    throw rejected("invalid", `${field}: only parts of type text are understood`, { field });
  }
  return parts.map((each) => each.text ?? "").join("\n");
}
