import type { Bus } from "@matrix-os/bus";
import { progressDraft } from "@matrix-os/contracts/kernel/progress.draft";
import { deltaDraft } from "@matrix-os/contracts/kernel/delta.draft";
import type { StoredMessage, TurnStatus, Usage } from "@matrix-os/contracts/turn/message";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import type { Rules } from "@matrix-os/policy/judge";
import type { ErrorBody } from "@matrix-os/contracts/errors";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";
import type { Redactor } from "@matrix-os/redaction/redactor";
import { askModel } from "./ask-model.ts";
import { type Decision, type TurnConditions, type TurnLimits, decide } from "./decide.ts";
import { createDeltaWriter } from "./delta-writer.ts";
import { type Journal, openJournal } from "./journal.ts";
import type { ModelClient, ModelTool, Notice } from "./model.ts";
import { redactRecord } from "./redact-record.ts";
import { takeAnswers } from "./approvals.ts";
import { runCalls } from "./run-calls.ts";
import { createEventWriter } from "./session-events.ts";
import { toEnding } from "./to-ending.ts";
import { type Block, type ModelMessage, type TurnState, emptyTurn, foldTurn } from "./turn-state.ts";

/** What a turn is asked with; read once, when the turn begins or is taken over. */
export interface Prompt {
  readonly model: string;
  readonly system: readonly Block[];
  readonly tools: readonly ModelTool[];
  /** Earlier turns of the session. */
  readonly history: readonly ModelMessage[];
  /** Whose words are in the system prompt, beside the owner's. */
  readonly taint?: readonly Taint[] | undefined;
  readonly promptHash: string;
  readonly toolsHash: string;
  readonly maxOutputTokens: number;
  /** Who is asked after two failures of one step. */
  readonly fallbackModel?: string | undefined;
  /** What making this prompt has used. */
  readonly usage?: Usage | undefined;
  /** What the owner is told about this prompt. */
  readonly notices?: readonly Notice[] | undefined;
  /** Estimated tokens that one request may have. */
  readonly maxTokens?: number | undefined;
}

/** What a turn runs with. */
export interface TurnDeps {
  readonly bus: Bus;
  /** The worker's name, for the journal. */
  readonly owner: string;
  readonly model: ModelClient;
  readonly limits: TurnLimits;
  readonly readPrompt: (message: StoredMessage) => Promise<Prompt>;
  /** Throws `budget-spent` when the money for one more call is not there; answers what it reserved. */
  /** The owner's rules as they are now. */
  readonly readRules: () => Promise<Rules>;
  readonly reserve: (prompt: Prompt, state: TurnState) => Promise<number>;
  /** Takes secrets out of everything before it is kept. */
  readonly redact: Pick<Redactor, "text" | "known">;
  /** Waits before another try; without it the clock does. */
  readonly pause?: (waitMs: number, signal: AbortSignal) => Promise<void>;
  /** Messages that join the turn before its next model request; those that joined before are not among them. */
  readonly readJoining: (state: TurnState) => Promise<readonly StoredMessage[]>;
  /** Aborted when the owner stops the turn. */
  readonly stop: AbortSignal;
  /** Aborted when the worker must let go: the journal stays as it is and another worker goes on. */
  readonly letGo: AbortSignal;
}

/** How a turn ended, or that it had ended before. */
export interface TurnOutcome {
  /** `resting`: the owner is asked; nobody works on the turn until the answer is there. */
  readonly status: TurnStatus | "resting";
  readonly error: ErrorBody | undefined;
  /** Messages that joined it, and ended with it. */
  readonly joined: readonly string[];
}

/** A turn under way: everything the moves need. */
export interface Turn {
  readonly message: StoredMessage;
  readonly journal: Journal;
  readonly prompt: Prompt;
  readonly deps: TurnDeps;
  readonly state: () => TurnState;
  /** Appends, folds, and shows the lines to whoever watches. */
  readonly record: (records: TurnRecord[]) => Promise<void>;
  readonly onText: (text: string) => void;
}

/**
 * Runs a turn from wherever its journal stands to its end: decide, act, record, again. Throws `stale-epoch` when another
 * worker has taken over, and what the file service throws when the disk is full; then nothing was lost.
 */
export async function runTurn(accepted: StoredMessage, deps: TurnDeps): Promise<TurnOutcome> {
  const message = { ...accepted, text: deps.redact.known(accepted.text) };
  const [journal, prompt] = await Promise.all([
    openJournal(deps.bus, { session: message.session, turn: message.key }, deps.owner),
    deps.readPrompt(message),
  ]);
  const turn = createTurn({ message, journal, prompt, deps });
  await completeEnd(turn);
  await takeAnswers(turn);
  for (;;) {
    deps.letGo.throwIfAborted();
    const decision = decide(turn.state(), toConditions(turn));
    if (decision.do === "nothing") return toOutcome(turn.state());
    if ((await act(turn, decision)) === "resting") return { status: "resting", error: undefined, joined: [] };
  }
}

/** A crash between a turn's `end` and the removal of its open marker leaves the rest of the ending to do; repeating it is harmless. */
async function completeEnd({ journal, message, state }: Turn): Promise<void> {
  const { ended, usage } = state();
  if (ended === undefined) return;
  const { status, text, error } = ended;
  const end: TurnRecord = { kind: "end", status, text, ...(error === undefined ? {} : { error }), usage };
  await journal.finish([end], toEnding(state(), message, [end]));
}

function createTurn(parts: Pick<Turn, "message" | "journal" | "prompt" | "deps">): Turn {
  const { message, journal, deps } = parts;
  let state = foldTurn(emptyTurn, journal.lines);
  const toEvents = createEventWriter({ session: message.session, turn: message.key, arrival: message.arrival });
  toEvents(journal.lines);
  const deltas = createDeltaWriter((delta) => {
    deps.bus.draft(deltaDraft, message.session, { session: message.session, turn: message.key, ...delta });
  });
  return {
    ...parts,
    state: () => state,
    onText: (text) => deltas.write(state.steps.length + 1, text),
    record: async (found) => {
      const records = found.map((record) => redactRecord(record, deps.redact));
      deltas.flush();
      const last = records.at(-1);
      const lines =
        last?.kind === "end"
          ? await journal.finish(records, toEnding(state, message, records))
          : await journal.append(records);
      state = foldTurn(state, lines);
      show(parts, lines, toEvents(lines));
    },
  };
}

function show(
  { message, deps }: Pick<Turn, "message" | "deps">,
  lines: JournalLine[],
  events: ReturnType<ReturnType<typeof createEventWriter>>,
): void {
  const from = lines[0]?.n;
  const to = lines.at(-1)?.n;
  if (from === undefined || to === undefined) return;
  deps.bus.draft(progressDraft, message.session, {
    session: message.session,
    turn: message.key,
    arrival: message.arrival,
    from,
    to,
    events,
  });
}

function toConditions(turn: Turn): TurnConditions {
  const { beganAt, restedMs } = turn.state();
  return {
    limits: turn.deps.limits,
    elapsedMs: beganAt === undefined ? 0 : Date.now() - Date.parse(beganAt) - restedMs,
    stopRequested: turn.journal.stopRequested || turn.deps.stop.aborted,
  };
}

async function act(turn: Turn, decision: Exclude<Decision, { do: "nothing" }>): Promise<void | "resting"> {
  switch (decision.do) {
    case "begin":
      return turn.record([toBegin(turn), ...toNotices(turn)]);
    case "ask-model": {
      const joining = await turn.deps.readJoining(turn.state());
      if (joining.length > 0) return turn.record(joining.map((input): TurnRecord => ({ kind: "steer", input })));
      return askModel(turn, decision);
    }
    case "run-calls":
      return runCalls(turn, decision.calls);
    case "refuse-calls":
      return turn.record(
        decision.calls.map((call): TurnRecord => ({
          kind: "tool.result",
          call: call.id,
          text: decision.because,
          isError: true,
        })),
      );
    case "finish":
      return turn.record([toEnd(turn, decision)]);
    default:
      return decision satisfies never;
  }
}

function toBegin({ message, journal, prompt, deps }: Turn): TurnRecord {
  const { steps, toolCalls, durationMs, costUsd } = deps.limits;
  return {
    kind: "begin",
    input: message,
    model: prompt.model,
    promptHash: prompt.promptHash,
    toolsHash: prompt.toolsHash,
    taint: joinTaints(message.taint, journal.taint, prompt.taint),
    budget: { steps, toolCalls, durationMs, costUsd },
    ...(prompt.usage === undefined ? {} : { usage: prompt.usage }),
  };
}

function toNotices({ prompt }: Turn): TurnRecord[] {
  return (prompt.notices ?? []).map(({ code, message }) => ({ kind: "notice", code, message }));
}

function toEnd(turn: Turn, decision: Extract<Decision, { do: "finish" }>): TurnRecord {
  const { status, text, error } = decision;
  return { kind: "end", status, text, ...(error === undefined ? {} : { error }), usage: turn.state().usage };
}

function toOutcome(state: TurnState): TurnOutcome {
  const joined = state.joined.map(({ input }) => input.key);
  return { status: state.ended?.status ?? "failed", error: state.ended?.error, joined };
}
