import { createHash } from "node:crypto";
import { answer } from "../answer/answer.ts";
import type { AnswerBlock } from "../answer/script.ts";
import type { AppTemplates } from "../app-files/load-app-templates.ts";
import { rehearsalModelId } from "./models.ts";
import type { Prompt } from "./schemas.ts";
import { estimateInputTokens, estimateOutputTokens, toUsage } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** A whole answer as `POST /v1/messages` returns it. */
export interface AnswerMessage {
  id: string;
  type: "message";
  role: "assistant";
  model: string;
  content: AnswerBlock[];
  stop_reason: "end_turn" | "tool_use";
  stop_sequence: null;
  usage: Usage;
}

/** The next assistant message. The same prompt always yields the same message, ids included. */
export function toAnswerMessage(prompt: Prompt, templates: AppTemplates): AnswerMessage {
  const key = createHash("sha256")
    .update(JSON.stringify([prompt.messages, prompt.tools]))
    .digest("hex")
    .slice(0, 20);
  const content = answer(prompt, templates).map((block, index): AnswerBlock => {
    return block.type === "text"
      ? { type: "text", text: block.text }
      : { type: "tool_use", id: `toolu_${key}${index}`, name: block.name, input: block.input };
  });
  return {
    id: `msg_${key}`,
    type: "message",
    role: "assistant",
    model: rehearsalModelId,
    content,
    stop_reason: content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: toUsage(estimateInputTokens(prompt), estimateOutputTokens(content)),
  };
}
