/** A tool the model wants to run, without an id yet. */
export interface ToolCall {
  type: "tool_use";
  name: string;
  input: Record<string, unknown>;
}

/** What a tool answered. */
export interface ToolResult {
  text: string;
  isError: boolean;
}

/** A block of the next assistant message, before it gets an id. */
export type PlannedBlock = { type: "text"; text: string } | ToolCall;

/** A block of an assistant message as it goes over the wire. */
export type AnswerBlock = { type: "text"; text: string } | (ToolCall & { id: string });

/** One assistant message: a sentence and the tools to run beside each other. */
export interface Step {
  say: string;
  calls: ToolCall[];
}

/** How a task ended, in words for the summary. */
export interface Outcome {
  succeeded: boolean;
  /** One sentence without a full stop. */
  headline: string;
  detail?: string;
  /** The whole answer is `headline`, unchanged: no label, no full stop. */
  verbatim?: boolean;
}

/** A task as a script: it yields steps, is handed their results, and returns. It must depend on nothing else. */
export type Script<Result = Outcome> = Generator<Step, Result, ToolResult[]>;

/** Ends a task; the message tells the person why. */
export class TaskFailed extends Error {}

/** A call of the tool `name`. */
export function call(name: string, input: Record<string, unknown>): ToolCall {
  return { type: "tool_use", name, input };
}

/** Runs one tool; an error is a result like any other. */
export function* attempt(toolCall: ToolCall, say = ""): Script<ToolResult> {
  const [result] = yield { say, calls: [toolCall] };
  return result ?? { text: "no result", isError: true };
}

/** Whether a tool failed because the path does not exist, and not for another reason. */
export function isNotFound({ isError, text }: ToolResult): boolean {
  return isError && /not.?found|no such file|does not exist/i.test(text);
}

/** Whether `read_file` gave only the first part of a long file. Such a text must never be written back. */
export function isPartial(text: string): boolean {
  return /\n\[part of \d+ bytes[^\n]*\]$/.test(text);
}

/** Runs one tool and returns its text; an error ends the task. */
export function* use(toolCall: ToolCall, say = ""): Script<string> {
  const result = yield* attempt(toolCall, say);
  return textOf(result, toolCall);
}

/** Runs tools beside each other; those that fail are tried once more, then the task ends. */
export function* useAll(calls: ToolCall[], say = ""): Script<string[]> {
  const results = yield { say, calls };
  const failed = calls.filter((_, index) => results[index]?.isError);
  const retried =
    failed.length > 0 ? yield { say: "Not everything worked; I try that part again.", calls: failed } : [];
  return calls.map((toolCall, index) => {
    const again = failed.indexOf(toolCall);
    return textOf(again < 0 ? results[index] : retried[again], toolCall);
  });
}

/** The text of a successful result; otherwise ends the task with a plain explanation. */
export function textOf(result: ToolResult | undefined, { name, input }: ToolCall): string {
  if (result && !result.isError) return result.text;
  const target = input["path"] ?? input["from"];
  const subject = typeof target === "string" ? ` on ${target}` : "";
  throw new TaskFailed(`That did not work: ${name}${subject} answered «${(result?.text ?? "nothing").slice(0, 300)}»`);
}
