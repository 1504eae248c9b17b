import type { Conversation, RecordedCall } from "./conversation.ts";
import { TaskFailed } from "./script.ts";
import type { PlannedBlock, Script, ToolCall, ToolResult } from "./script.ts";

/** Assistant messages with tool calls in one turn; after that the turn is summed up as it stands. */
const maxSteps = 12;

/**
 * Plays a script against the tool results recorded in the conversation. Where the record ends, the pending step is the
 * next assistant message; where the script ends, its words are. So any prefix of a turn leads to the same continuation.
 */
export function replay(script: Script<string>, { recorded, stepsTaken, toolNames }: Conversation): PlannedBlock[] {
  const record = groupByCall(recorded);
  let turn = script.next();
  while (!turn.done) {
    const { say, calls } = turn.value;
    const results = calls.map((call) => record.get(keyOf(call))?.shift() ?? missingTool(call, toolNames));
    if (results.every((result) => result !== undefined)) {
      turn = script.next(results);
    } else if (stepsTaken >= maxSteps) {
      turn = script.throw(new TaskFailed(`I stopped: a turn of mine has at most ${maxSteps} steps`));
    } else {
      const pending = calls.filter((_, index) => results[index] === undefined);
      return say ? [{ type: "text", text: say }, ...pending] : pending;
    }
  }
  return turn.value === "" ? [] : [{ type: "text", text: turn.value }];
}

function groupByCall(recorded: RecordedCall[]): Map<string, ToolResult[]> {
  const record = new Map<string, ToolResult[]>();
  for (const { call, result } of recorded) record.set(keyOf(call), [...(record.get(keyOf(call)) ?? []), result]);
  return record;
}

/** The same call, whatever the order of its fields after a trip through files and other JSON writers. */
function keyOf({ name, input }: ToolCall): string {
  return JSON.stringify([name, Object.entries(input).toSorted(([left], [right]) => (left < right ? -1 : 1))]);
}

function missingTool({ name }: ToolCall, offered: ReadonlySet<string>): ToolResult | undefined {
  return offered.has(name) ? undefined : { text: `the tool ${name} is not offered here`, isError: true };
}
