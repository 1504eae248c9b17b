import type { ErrorBody } from "@matrix-os/contracts/errors";
import { mayTryAgain } from "./backoff.ts";
import { toText } from "./session-events.ts";
import type { CallState, ModelStep, TurnState } from "./turn-state.ts";

/** Bounds of one turn. */
export interface TurnLimits {
  readonly steps: number;
  readonly toolCalls: number;
  readonly durationMs: number;
  readonly costUsd: number;
  /** Tries of one model step before the turn fails visibly. */
  readonly modelAttempts: number;
}

/** What is known from outside the journal. */
export interface TurnConditions {
  readonly limits: TurnLimits;
  readonly elapsedMs: number;
  readonly stopRequested: boolean;
}

/** What a turn should do next; a pure rule over its journal, so that any worker goes on where another one stopped. */
export type Decision =
  | { readonly do: "begin" }
  | { readonly do: "ask-model"; readonly step: number; readonly attempt: number }
  | { readonly do: "run-calls"; readonly calls: readonly CallState[] }
  | { readonly do: "refuse-calls"; readonly calls: readonly CallState[]; readonly because: string }
  | {
      readonly do: "finish";
      readonly status: "done" | "failed" | "stopped";
      readonly text: string;
      readonly error?: ErrorBody;
    }
  | { readonly do: "nothing" };

/** The stop reason of an answer that the turn's time cut off. */
export const OUT_OF_TIME = "out-of-time";

/** Refusals of the owner after which a turn stops. */
const MAX_DENIALS = 3;

/** Decides the next move of a turn. */
export function decide(state: TurnState, conditions: TurnConditions): Decision {
  if (state.ended !== undefined) return { do: "nothing" };
  if (state.input === undefined) return { do: "begin" };
  if (conditions.stopRequested || state.denials >= MAX_DENIALS)
    return { do: "finish", status: "stopped", text: toFinalText(state) };
  const step = state.steps.at(-1);
  // What is answered is paid for: no limit takes it away again.
  if (step !== undefined && isFinal(step)) return finishWith(state, step, conditions.limits);
  const spent = findSpentBudget(state, conditions);
  if (spent !== undefined) return fail(state, { kind: "rejected", code: "budget-spent", message: spent });
  return decideAfterStep(state, conditions);
}

/** Nothing more is asked of us; `pause_turn` asks to go on. */
function isFinal(step: ModelStep): boolean {
  return step.calls.length === 0 && step.stopReason !== "pause_turn";
}

function decideAfterStep(state: TurnState, { limits }: TurnConditions): Decision {
  const step = state.steps.at(-1);
  if (step !== undefined) {
    const pending = step.calls.filter((call) => call.result === undefined);
    if (pending.length > 0) return decideCalls(state, step, { pending, limits });
  }
  if (
    state.lastError !== undefined &&
    (state.failedAttempts >= limits.modelAttempts || !mayTryAgain(state.lastError))
  ) {
    return fail(state, state.lastError);
  }
  return { do: "ask-model", step: state.steps.length + 1, attempt: state.failedAttempts + 1 };
}

function decideCalls(state: TurnState, step: ModelStep, on: { pending: CallState[]; limits: TurnLimits }): Decision {
  if (step.stopReason === "max_tokens") {
    return {
      do: "refuse-calls",
      calls: on.pending,
      because: "The call was cut off at the output limit and was not run. Use a shorter one.",
    };
  }
  // Those that have begun are counted already, and they may have happened: they are never refused.
  const begun = on.pending.filter((call) => call.progress === "intended");
  if (state.toolCalls + on.pending.length - begun.length > on.limits.toolCalls) {
    if (begun.length > 0) return { do: "run-calls", calls: begun };
    return {
      do: "refuse-calls",
      calls: on.pending,
      because: `A turn may make ${on.limits.toolCalls} tool calls; that is used up.`,
    };
  }
  return { do: "run-calls", calls: on.pending };
}

function finishWith(state: TurnState, step: ModelStep, limits: TurnLimits): Decision {
  const text = toFinalText(state);
  if (step.stopReason === OUT_OF_TIME)
    return fail(state, { kind: "rejected", code: "budget-spent", message: toTimeSpent(limits) });
  if (step.stopReason === "stopped") return { do: "finish", status: "stopped", text };
  if (step.stopReason === "refusal") {
    return fail(state, { kind: "rejected", code: "model-refused", message: "the model declined to answer" });
  }
  if (text === "" && state.toolCalls === 0) {
    return fail(state, { kind: "unavailable", code: "model-refused", message: "the model gave an empty answer" });
  }
  return { do: "finish", status: "done", text };
}

function fail(state: TurnState, error: ErrorBody): Decision {
  return { do: "finish", status: "failed", text: toFinalText(state), error };
}

function findSpentBudget(state: TurnState, { limits, elapsedMs }: TurnConditions): string | undefined {
  if (elapsedMs > limits.durationMs) return toTimeSpent(limits);
  if (state.usage.costUsd >= limits.costUsd && limits.costUsd > 0) return `a turn may cost $${limits.costUsd}`;
  return state.steps.length >= limits.steps ? `a turn may have ${limits.steps} steps` : undefined;
}

function toTimeSpent({ durationMs }: TurnLimits): string {
  return `a turn may take ${Math.round(durationMs / 6_000) / 10} minutes`;
}

/** The text of the last step that said something: what a person reads as the answer. */
function toFinalText(state: TurnState): string {
  return state.steps.map((step) => toText(step.content)).findLast((text) => text !== "") ?? "";
}
