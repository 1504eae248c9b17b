import type { CallState, ModelMessage, ModelStep, TurnState } from "./turn-state.ts";

/**
 * The messages of a turn in the model's own form. Valid for the Messages API at every prefix of the journal that is about to
 * ask the model: roles alternate, every tool_use has its tool_result in the next message, nothing is empty.
 */
export function toModelMessages(state: TurnState): ModelMessage[] {
  if (state.input === undefined) return [];
  const question = state.input.context === undefined ? state.input.text : `${state.input.context}\n\n${state.input.text}`;
  return [{ role: "user", content: [{ type: "text", text: question }] }, ...state.steps.flatMap(toStepMessages)];
}

function toStepMessages(step: ModelStep): ModelMessage[] {
  if (step.content.length === 0) return [];
  const assistant: ModelMessage = { role: "assistant", content: step.content };
  if (step.calls.length === 0) return [assistant, { role: "user", content: [{ type: "text", text: "Go on." }] }];
  return [assistant, { role: "user", content: step.calls.map(toResultBlock) }];
}

function toResultBlock(call: CallState) {
  const result = call.result ?? { text: "not run", isError: true };
  return {
    type: "tool_result",
    tool_use_id: call.id,
    content: result.text === "" ? "(no output)" : result.text,
    ...(result.isError ? { is_error: true } : {}),
  };
}
