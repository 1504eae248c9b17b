import { setTimeout as delay } from "node:timers/promises";
import { toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import type { Usage } from "@matrix-os/contracts/turn/message";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { mayTryAgain, toWaitMs } from "./backoff.ts";
import { OUT_OF_TIME, decide } from "./decide.ts";
import type { ModelAnswer, Notice } from "./model.ts";
import { toRequest } from "./to-request.ts";
import type { Turn } from "./run-turn.ts";
import { foldTurn } from "./turn-state.ts";

/** Which call of which step. */
interface Attempt {
  readonly step: number;
  readonly attempt: number;
}

/** What a call told beside its answer. */
interface Heard {
  usage: Usage | undefined;
  readonly notices: Notice[];
}

/** One model call. Its answer is durable before anything it asks for is done; an answer that ends the turn ends it in the same append. */
export async function askModel(turn: Turn, at: Attempt): Promise<void> {
  const { deps, prompt } = turn;
  const late = AbortSignal.timeout(toTimeLeft(turn));
  const signal = AbortSignal.any([deps.stop, deps.letGo, late]);
  const heard: Heard = { usage: undefined, notices: [] };
  try {
    const request = toRequest(prompt, turn.state(), at.attempt);
    const reservedUsd = await deps.reserve(prompt, turn.state());
    const answer = await deps.model.ask(request, {
      signal,
      onText: turn.onText,
      onUsage: (usage) => (heard.usage = usage),
      onNotice: (notice) => heard.notices.push(notice),
    });
    deps.letGo.throwIfAborted();
    const asked = answer.asked ?? request.model;
    const records: TurnRecord[] = [
      { kind: "model.request", step: at.step, reservedUsd, ...(asked === prompt.model ? {} : { model: asked }) },
      toResponse(at.step, late.aborted ? { ...answer, stopReason: OUT_OF_TIME } : answer),
      ...heard.notices.map(toNotice),
    ];
    // What had come of a call that was cut off is kept; the next decision ends the turn.
    const isCut = deps.stop.aborted || late.aborted;
    await turn.record(isCut ? records : [...records, ...toImmediateEnd(turn, records)]);
  } catch (thrown) {
    await recordFailure(turn, { ...at, heard }, thrown);
  }
}

/** Milliseconds that the turn may still take. */
function toTimeLeft(turn: Turn): number {
  const { beganAt, restedMs } = turn.state();
  const elapsedMs = beganAt === undefined ? 0 : Date.now() - Date.parse(beganAt) - restedMs;
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

function toNotice({ code, message }: Notice): TurnRecord {
  return { kind: "notice", code, message };
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
  { step, attempt, heard }: Attempt & { readonly heard: Heard },
  thrown: unknown,
): Promise<void> {
  const { deps } = turn;
  const error = toOsError(thrown);
  const isOurs = error.code.startsWith("model-") || error.code === "budget-spent";
  if (deps.letGo.aborted || (!isOurs && !deps.stop.aborted)) throw thrown;
  const { usage, notices } = heard;
  const failed: TurnRecord = {
    kind: "model.failed",
    step,
    attempt,
    error: toErrorBody(error),
    ...(usage === undefined ? {} : { usage }),
  };
  await turn.record([failed, ...notices.map(toNotice)]);
  if (!mayTryAgain(error) || attempt >= deps.limits.modelAttempts) return;
  const waitMs = Math.min(toWaitMs(error, attempt, Math.random()), toTimeLeft(turn));
  const signal = AbortSignal.any([deps.stop, deps.letGo]);
  await (deps.pause ?? pause)(waitMs, signal);
}

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  await delay(waitMs, undefined, { signal }).catch(() => undefined);
}
