import type { ContentBlock, Message, Prompt } from "../messages-api/schemas.ts";
import type { ToolCall, ToolResult } from "./script.ts";

/** A finished tool call of the running turn. */
export interface RecordedCall {
  call: ToolCall;
  result: ToolResult;
}

/** A request's messages, read as one running turn and what came before it. */
export interface Conversation {
  /** What the person said in this turn, one entry per message. */
  requests: string[];
  /** Said while the turn was already under way. */
  interjections: string[];
  recorded: RecordedCall[];
  /** Assistant messages with tool calls so far in this turn. */
  stepsTaken: number;
  earlier: Message[];
  system: string;
  toolNames: ReadonlySet<string>;
}

/** Reads a prompt. The running turn begins with the last user message that carries no tool result. */
export function readConversation({ messages, system, tools, tool_choice: choice }: Prompt): Conversation {
  const spoken = messages.filter(({ role }) => role !== "system");
  const isPlain = (message: Message | undefined): boolean =>
    message?.role === "user" && toolResultsIn(message).length === 0;
  const last = spoken.findLastIndex(isPlain);
  let first = Math.max(last, 0);
  while (isPlain(spoken[first - 1])) first -= 1;
  const turn = spoken.slice(first);
  const answers = turn.filter((message) => !isPlain(message) && message.role === "user");
  const calls = turn.map(toolCallsIn).filter((found) => found.length > 0);
  return {
    requests: turn.filter(isPlain).map(textIn),
    interjections: answers.flatMap(textsIn),
    recorded: calls.flat().flatMap((block) => toRecordedCall(block, answers)),
    stepsTaken: calls.length,
    earlier: spoken.slice(0, first),
    system: typeof system === "string" ? system : (system ?? []).map(({ text }) => text ?? "").join("\n"),
    toolNames: new Set(choice?.type === "none" ? [] : (tools ?? []).map(({ name }) => name)),
  };
}

/** The text blocks of a message, joined by line breaks. */
export function textIn(message: Message): string {
  return textsIn(message).join("\n");
}

/** The tool calls of an assistant message. */
export function toolCallsIn({ role, content }: Message): ContentBlock[] {
  return role === "assistant" && typeof content !== "string" ? content.filter(({ type }) => type === "tool_use") : [];
}

function textsIn({ content }: Message): string[] {
  if (typeof content === "string") return [content];
  return content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : []));
}

function toolResultsIn({ content }: Message): ContentBlock[] {
  return typeof content === "string" ? [] : content.filter(({ type }) => type === "tool_result");
}

function toRecordedCall({ id, name, input }: ContentBlock, answers: Message[]): RecordedCall[] {
  const result = answers.flatMap(toolResultsIn).find(({ tool_use_id: callId }) => callId === id);
  if (!result || !name) return [];
  return [
    {
      call: { type: "tool_use", name, input: input ?? {} },
      result: { text: resultText(result), isError: result.is_error === true },
    },
  ];
}

function resultText({ content }: ContentBlock): string {
  if (content === undefined || typeof content === "string") return content ?? "";
  return content.map(({ text }) => text ?? "").join("\n");
}
