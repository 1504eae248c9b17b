import { setTimeout as delay } from "node:timers/promises";
import { toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import type { ModelAnswer } from "./model.ts";
import { OUT_OF_TIME, decide } from "./decide.ts";
import type { Turn } from "./run-turn.ts";
import { toModelMessages } from "./to-model-messages.ts";
import { foldTurn } from "./turn-state.ts";

const BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 60_000;

/** One model call. Its answer is durable before anything it asks for is done; an answer that ends the turn ends it in the same append. */
export async function askModel(turn: Turn, at: { readonly step: number; readonly attempt: number }): Promise<void> {
  const { deps, prompt } = turn;
  const late = AbortSignal.timeout(toTimeLeft(turn));
  const signal = AbortSignal.any([deps.stop, deps.letGo, late]);
  try {
    const reservedUsd = await deps.reserve(prompt, turn.state());
    const request = { ...prompt, messages: [...prompt.history, ...toModelMessages(turn.state())] };
    const answer = await deps.model.ask(request, { signal, onText: turn.onText });
    deps.letGo.throwIfAborted();
    const records: TurnRecord[] = [
      { kind: "model.request", step: at.step, reservedUsd },
      toResponse(at.step, late.aborted ? { ...answer, stopReason: OUT_OF_TIME } : answer),
    ];
    // What had come of a call that was cut off is kept; the next decision ends the turn.
    const isCut = deps.stop.aborted || late.aborted;
    await turn.record(isCut ? records : [...records, ...toImmediateEnd(turn, records)]);
  } catch (thrown) {
    await recordFailure(turn, at, thrown);
  }
}

/** Milliseconds that the turn may still take. */
function toTimeLeft(turn: Turn): number {
  const { beganAt } = turn.state();
  const elapsedMs = beganAt === undefined ? 0 : Date.now() - Date.parse(beganAt);
  return Math.max(1, turn.deps.limits.durationMs - elapsedMs);
}

function toResponse(step: number, answer: ModelAnswer): TurnRecord {
  const { content, stopReason, usage, model, requestId } = answer;
  return {
    kind: "model.response",
    step,
    content: [...content],
    stopReason,
    usage,
    model,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** The end record when this answer leaves nothing to do: it spares an fsync on every plain answer. */
function toImmediateEnd(turn: Turn, records: TurnRecord[]): TurnRecord[] {
  const state = turn.state();
  const lines = records.map((record, index) => ({ n: state.length + index + 1, at: "", epoch: 1, prev: "", record }));
  const after = foldTurn(state, lines);
  const decision = decide(after, { limits: turn.deps.limits, elapsedMs: 0, stopRequested: false });
  if (decision.do !== "finish") return [];
  const { status, text, error } = decision;
  return [{ kind: "end", status, text, ...(error === undefined ? {} : { error }), usage: after.usage }];
}

async function recordFailure(
  turn: Turn,
  at: { readonly step: number; readonly attempt: number },
  thrown: unknown,
): Promise<void> {
  const error = toOsError(thrown);
  const isOurs = error.code.startsWith("model-") || error.code === "budget-spent";
  if (turn.deps.letGo.aborted || (!isOurs && !turn.deps.stop.aborted)) throw thrown;
  await turn.record([{ kind: "model.failed", step: at.step, attempt: at.attempt, error: toErrorBody(error) }]);
  if (error.kind !== "unavailable" || at.attempt >= turn.deps.limits.modelAttempts) return;
  const waitMs = error.retryAfterMs ?? BACKOFF_MS * 2 ** (at.attempt - 1) * (0.75 + Math.random() / 2);
  const signal = AbortSignal.any([turn.deps.stop, turn.deps.letGo]);
  await delay(Math.min(waitMs, MAX_BACKOFF_MS), undefined, { signal }).catch(() => undefined);
}
