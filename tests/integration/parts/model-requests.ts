import type { MessagesRequest } from "@matrix-os/testkit/messages/check-request";

type Content = MessagesRequest["messages"][number]["content"];

/** What the owner said last in a request to the model: the text of its newest message that is no tool result. */
export function readQuestion({ messages }: MessagesRequest): string {
  return (
    messages
      .filter(({ role }) => role === "user")
      .map(({ content }) => toText(content))
      .findLast((text) => text !== "") ?? ""
  );
}

/** Which step of the newest turn a request asks for, from 1 on. */
export function readStep({ messages }: MessagesRequest): number {
  const question = messages.findLastIndex(({ role, content }) => role === "user" && toText(content) !== "");
  return 1 + messages.slice(question).filter(({ role }) => role === "assistant").length;
}

/** The results of tools that a request's last message brings. */
export function readResults({
  messages,
}: MessagesRequest): { readonly id: string; readonly text: string; readonly isError: boolean }[] {
  const content = messages.at(-1)?.content ?? [];
  const blocks = typeof content === "string" ? [] : content.filter(({ type }) => type === "tool_result");
  return blocks.map((block) => ({
    id: String(block["tool_use_id"]),
    text: String(block["content"]),
    isError: block["is_error"] === true,
  }));
}

/** The text blocks of a message. */
export function toText(content: Content): string {
  if (typeof content === "string") return content;
  return content
    .filter(({ type }) => type === "text")
    .map((block) => String(block["text"]))
    .join("\n");
}
