import type { ErrorBody } from "@matrix-os/contracts/errors";
import { type StoredMessage, type Step, type TurnStatus, type Usage, noUsage } from "@matrix-os/contracts/turn/message";
import type { ApprovalRecord, AskRecord } from "@matrix-os/contracts/policy/question";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";

/** A content block in the model's own form. */
export type Block = { readonly type: string; readonly [key: string]: unknown };

/** A message in the model's own form. */
export interface ModelMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly Block[];
}

/** One tool call that the model asked for, with how far it got. */
export interface CallState {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly label: string;
  readonly progress: "asked" | "intended" | "answered" | "doubted";
  readonly class: "pure" | "idempotent" | "keyed" | "unsafe" | undefined;
  readonly result: { readonly text: string; readonly isError: boolean } | undefined;
  /** What the owner was asked about it last, and what came of that. */
  readonly question?: AskRecord | undefined;
  readonly approval?: ApprovalRecord | undefined;
}

/** One answer of the model with the calls it asked for. */
export interface ModelStep {
  readonly content: readonly Block[];
  readonly stopReason: string;
  readonly calls: readonly CallState[];
}

/** A turn as its journal tells it. */
export interface TurnState {
  readonly length: number;
  readonly input: StoredMessage | undefined;
  readonly model: string;
  readonly beganAt: string | undefined;
  readonly steps: readonly ModelStep[];
  /** Messages that joined, each behind so many steps. */
  readonly joined: readonly { readonly input: StoredMessage; readonly afterStep: number }[];
  readonly failedAttempts: number;
  readonly lastError: ErrorBody | undefined;
  readonly toolCalls: number;
  /** Whose words are in the conversation, beside the owner's. */
  readonly taint: readonly Taint[];
  /** Questions that the owner did not allow. */
  readonly denials: number;
  /** How many questions were asked; each has a name of its own. */
  readonly asked: number;
  /** Time that passed while the owner was asked and nobody worked on the turn. */
  readonly restedMs: number;
  /** When the newest line was written. */
  readonly lastAt: string;
  readonly usage: Usage;
  readonly ended:
    | { readonly status: TurnStatus; readonly text: string; readonly error?: ErrorBody | undefined }
    | undefined;
}

/** A turn before its first record. */
export const emptyTurn: TurnState = {
  length: 0,
  input: undefined,
  model: "",
  beganAt: undefined,
  steps: [],
  joined: [],
  failedAttempts: 0,
  lastError: undefined,
  toolCalls: 0,
  taint: [],
  denials: 0,
  asked: 0,
  restedMs: 0,
  lastAt: "",
  usage: noUsage,
  ended: undefined,
};

/** The turn after reading more of its journal. */
export function foldTurn(state: TurnState, lines: readonly JournalLine[]): TurnState {
  return lines.reduce(
    (soFar, line) => ({ ...evolve(soFar, line.record, line.at), length: line.n, lastAt: line.at }),
    state,
  );
}

function evolve(state: TurnState, record: TurnRecord, at: string): TurnState {
  switch (record.kind) {
    case "begin":
      return state.input === undefined ? begin(state, record, at) : state;
    case "model.response":
      return {
        ...state,
        failedAttempts: 0,
        lastError: undefined,
        usage: addUsage(state.usage, record.usage),
        steps: [...state.steps, toStep(record.content, record.stopReason)],
      };
    case "model.failed":
      return {
        ...state,
        failedAttempts: record.attempt,
        lastError: record.error,
        usage: addUsage(state.usage, record.usage ?? noUsage),
      };
    case "tool.intent":
      return {
        ...updateCall(state, record.call, { progress: "intended", class: record.class, label: record.label }),
        toolCalls: state.toolCalls + 1,
      };
    case "tool.result":
      return {
        ...updateCall(state, record.call, {
          progress: "answered",
          result: { text: record.text, isError: record.isError },
        }),
        taint: joinTaints(state.taint, record.taint),
      };
    case "ask":
    case "approval":
      return askedOrAnswered(state, record);
    case "tool.doubt":
      return updateCall(state, record.call, { progress: "doubted", result: { text: DOUBT, isError: true } });
    case "steer":
      return {
        ...state,
        joined: [...state.joined, { input: record.input, afterStep: state.steps.length }],
        taint: joinTaints(state.taint, record.input.taint),
      };
    case "end":
      return { ...state, ended: record };
    case "fence":
      return { ...state, restedMs: state.restedMs + toRestMs(state, at) };
    case "model.request":
    case "notice":
    case "outbox":
      return state;
    default:
      return record satisfies never;
  }
}

function begin(state: TurnState, record: Extract<TurnRecord, { kind: "begin" }>, at: string): TurnState {
  const { input, model, taint, usage = noUsage } = record;
  return { ...state, input, model, beganAt: at, taint: joinTaints(taint), usage: addUsage(state.usage, usage) };
}

/** What the model reads about a call of which nobody knows whether it happened. */
export const DOUBT =
  "This call was cut off, by a restart or because no answer came in time. It may or may not have happened, and it was not repeated. Check the present state before you decide whether to do it again.";

function askedOrAnswered(state: TurnState, record: AskRecord | ApprovalRecord): TurnState {
  if (record.kind === "ask")
    return { ...updateCall(state, record.call, { question: record, approval: undefined }), asked: state.asked + 1 };
  const denials = state.denials + (record.verdict === "allow" ? 0 : 1);
  return { ...updateCall(state, record.call, { approval: record }), denials };
}

/** A new worker came while the owner was asked: nobody has worked since the last line. */
function toRestMs(state: TurnState, at: string): number {
  const isAsking = state.steps.at(-1)?.calls.some(isWaiting) === true;
  return isAsking ? Math.max(0, Date.parse(at) - Date.parse(state.lastAt)) : 0;
}

/** Whether a call waits for the owner. */
export function isWaiting({ question, approval, result }: CallState): boolean {
  return question !== undefined && approval === undefined && result === undefined;
}

function toStep(content: readonly Block[], stopReason: string): ModelStep {
  const calls = content
    .filter((block) => block.type === "tool_use")
    .map((block): CallState => ({
      id: String(block["id"]),
      name: String(block["name"]),
      input: block["input"],
      label: "",
      progress: "asked",
      class: undefined,
      result: undefined,
    }));
  return { content, stopReason, calls };
}

function updateCall(state: TurnState, id: string, change: Partial<CallState>): TurnState {
  const last = state.steps.at(-1);
  if (last === undefined) return state;
  const calls = last.calls.map((call) => (call.id === id ? { ...call, ...change } : call));
  return { ...state, steps: [...state.steps.slice(0, -1), { ...last, calls }] };
}

/** The sum of two usages. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    costUsd: a.costUsd + b.costUsd,
  };
}

/** The tool calls of an ended turn as people see them. */
export function toPeopleSteps(state: TurnState): Step[] {
  return state.steps.flatMap((step) =>
    step.calls.map((call) => ({ call: call.id, tool: call.name, label: call.label, state: toStepState(call) })),
  );
}

function toStepState(call: CallState): Step["state"] {
  if (call.progress === "doubted") return "in-doubt";
  if (call.result === undefined) return call.progress === "intended" ? "in-doubt" : "failed";
  return call.result.isError ? "failed" : "done";
}
