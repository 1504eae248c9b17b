import { type Block, type CallState, DOUBT, type ModelMessage, type ModelStep, type TurnState } from "./turn-state.ts";

/**
 * The messages of a turn in the model's own form. Valid for the Messages API at every prefix of the journal that is about to
 * ask the model: roles alternate, every tool_use has its tool_result in the next message, nothing is empty.
 */
export function toModelMessages(state: TurnState): ModelMessage[] {
  if (state.input === undefined) return [];
  const question =
    state.input.context === undefined ? state.input.text : `${state.input.context}\n\n${state.input.text}`;
  const first: ModelMessage = { role: "user", content: [{ type: "text", text: question }] };
  return state.steps.reduce<ModelMessage[]>(
    (messages, step, index) => withJoined([...messages, ...toStepMessages(step)], state, index + 1),
    withJoined([first], state, 0),
  );
}

/** What joined behind a step stands in the user's message that follows it. */
function withJoined(messages: ModelMessage[], { joined }: TurnState, afterStep: number): ModelMessage[] {
  const texts = joined
    .filter((one) => one.afterStep === afterStep)
    .map(({ input }) => ({ type: "text", text: input.text }));
  const last = messages.at(-1);
  if (last === undefined || texts.length === 0) return messages;
  return [...messages.slice(0, -1), { ...last, content: [...last.content, ...texts] }];
}

function toStepMessages(step: ModelStep): ModelMessage[] {
  const content = toSayable(step);
  if (content.length === 0) return [];
  const assistant: ModelMessage = { role: "assistant", content };
  if (step.calls.length === 0) return [assistant, { role: "user", content: [{ type: "text", text: "Go on." }] }];
  return [assistant, { role: "user", content: step.calls.map(toResultBlock) }];
}

/** What a step said, in the form that it may be said again: models do write blank text, and refuse to read it. */
export function toSayable({ content }: ModelStep): readonly Block[] {
  const kept = content.filter((block) => block.type !== "text" || String(block["text"]).trim() !== "");
  return kept.every(isThought) ? [] : kept;
}

function isThought({ type }: Block): boolean {
  return type === "thinking" || type === "redacted_thinking";
}

function toResultBlock(call: CallState) {
  const result = call.result ?? { text: call.progress === "intended" ? DOUBT : "not run", isError: true };
  return {
    type: "tool_result",
    tool_use_id: call.id,
    content: result.text === "" ? "(no output)" : result.text,
    ...(result.isError ? { is_error: true } : {}),
  };
}
