import { MessagesApiError } from "./errors.ts";
import type { Message, Prompt } from "./schemas.ts";

/**
 * Refuses what the real API refuses: a conversation that does not end with the user, a tool call without its result in
 * the next message, a result without its call.
 */
export function checkConversation({ messages }: Prompt): void {
  const turns = messages.filter(({ role }) => role !== "system");
  if (turns.at(-1)?.role !== "user") refuse(messages.length - 1, "the conversation must end with a user message");
  messages.forEach((message, index) => {
    const next = messages.slice(index + 1).find(({ role }) => role !== "system");
    const before = messages.slice(0, index).findLast(({ role }) => role !== "system");
    const unanswered = missing(callIds(message), next ? resultIds(next) : []);
    const unasked = missing(resultIds(message), before ? callIds(before) : []);
    if (unanswered) refuse(index, `tool_use id ${unanswered} has no tool_result in the next message`);
    if (unasked) refuse(index, `tool_result for ${unasked} has no tool_use in the message before`);
  });
}

function callIds({ role, content }: Message): string[] {
  if (role !== "assistant" || typeof content === "string") return [];
  return content.flatMap(({ type, id }) => (type === "tool_use" && id ? [id] : []));
}

function resultIds({ role, content }: Message): string[] {
  if (role !== "user" || typeof content === "string") return [];
  return content.flatMap(({ type, tool_use_id: id }) => (type === "tool_result" && id ? [id] : []));
}

function missing(wanted: string[], present: string[]): string | undefined {
  return wanted.find((id) => !present.includes(id));
}

function refuse(index: number, reason: string): never {
  throw new MessagesApiError("invalid_request_error", `messages.${index}: ${reason}`);
}
