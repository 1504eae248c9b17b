import { exampleMessage } from "@matrix-os/contracts/turn/examples";
import { noUsage } from "@matrix-os/contracts/turn/message";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";
import { examples } from "@matrix-os/contracts/values";
import * as fc from "fast-check";
import { type Decision, type TurnLimits, decide } from "../src/decide.ts";
import { type Block, type CallState, type TurnState, emptyTurn, foldTurn } from "../src/turn-state.ts";

/** What a model call ends with. */
export type ScriptedStep =
  | { readonly do: "answer"; readonly content: readonly Block[]; readonly stopReason: string }
  | { readonly do: "fail"; readonly kind: "unavailable" | "rejected" };

/** A turn as a property test plays it: what the model says, how the tools do, when workers crash, when the owner stops it. */
export interface Script {
  readonly limits: TurnLimits;
  readonly steps: readonly ScriptedStep[];
  /** One for each tool call: it works, fails, or the worker crashes between its intent and its result. */
  readonly calls: readonly ("works" | "fails" | "crash")[];
  /** The decision from which on the owner wants it stopped. */
  readonly stopAt: number;
  readonly msPerDecision: number;
}

/** More decisions than any turn within its limits can need: beyond, it would never end. */
const MAX_DECISIONS = 400;

const text = fc.oneof(fc.constantFrom("", " ", "\n"), fc.string({ maxLength: 20 }));
const toolName = fc.constantFrom("read_file", "write_file", "undo", "no_such_tool");

const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 3, arbitrary: text.map((value): Block => ({ type: "text", text: value })) },
  { weight: 3, arbitrary: toolName.map((name): Block => ({ type: "tool_use", id: "", name, input: { path: "a" } })) },
  { weight: 1, arbitrary: fc.constant<Block>({ type: "thinking", thinking: "hm", signature: "s" }) },
);

const stopReason = fc.constantFrom(
  "end_turn",
  "end_turn",
  "max_tokens",
  "pause_turn",
  "refusal",
  "stopped",
  "stop_sequence",
);

const step: fc.Arbitrary<ScriptedStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.array(block, { maxLength: 4 }), stopReason).map(([content, reason]): ScriptedStep => {
      const asks = content.some(({ type }) => type === "tool_use");
      return { do: "answer", content, stopReason: asks && reason !== "max_tokens" ? "tool_use" : reason };
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ScriptedStep>({ do: "fail", kind: "unavailable" }, { do: "fail", kind: "rejected" }),
  },
);

/** Any turn. */
export const anyScript: fc.Arbitrary<Script> = fc.record({
  limits: fc.record({
    steps: fc.integer({ min: 1, max: 6 }),
    toolCalls: fc.integer({ min: 0, max: 6 }),
    durationMs: fc.constant(10_000),
    costUsd: fc.constantFrom(0, 0.05),
    modelAttempts: fc.integer({ min: 1, max: 3 }),
  }),
  steps: fc.array(step, { maxLength: 12 }),
  calls: fc.array(fc.constantFrom<Script["calls"][number]>("works", "works", "fails", "crash"), { maxLength: 20 }),
  stopAt: fc.oneof(fc.constant(Number.MAX_SAFE_INTEGER), fc.integer({ min: 0, max: 20 })),
  msPerDecision: fc.constantFrom(0, 0, 0, 1_500),
});

/** Plays a turn to its end, as workers would that crash here and there. */
export function playTurn(script: Script): JournalLine[] {
  const journal = createJournal();
  const sources = { steps: [...script.steps], calls: [...script.calls], ids: 0 };
  journal.add({ kind: "fence", epoch: 1, owner: "kernel-1" });
  for (let decisions = 0; decisions < MAX_DECISIONS; decisions += 1) {
    const conditions = {
      limits: script.limits,
      elapsedMs: decisions * script.msPerDecision,
      stopRequested: decisions >= script.stopAt,
    };
    const decision = decide(journal.state(), conditions);
    if (decision.do === "nothing") return journal.lines;
    act(decision, journal, sources);
  }
  throw new Error("the turn does not end");
}

interface Journal {
  readonly lines: JournalLine[];
  readonly state: () => TurnState;
  readonly add: (...records: TurnRecord[]) => void;
}

function createJournal(): Journal {
  const lines: JournalLine[] = [];
  return {
    lines,
    state: () => foldTurn(emptyTurn, lines),
    add: (...records) => {
      for (const record of records) lines.push({ n: lines.length + 1, at: examples.at, epoch: 1, prev: "", record });
    },
  };
}

interface Sources {
  readonly steps: ScriptedStep[];
  readonly calls: Script["calls"][number][];
  ids: number;
}

function act(decision: Exclude<Decision, { do: "nothing" }>, journal: Journal, sources: Sources): void {
  switch (decision.do) {
    case "begin":
      return journal.add({
        kind: "begin",
        input: exampleMessage,
        model: "m",
        promptHash: "",
        toolsHash: "",
        budget: { steps: 1, toolCalls: 1, durationMs: 1, costUsd: 1 },
      });
    case "ask-model":
      return askModel(decision, journal, sources);
    case "run-calls":
      return runCalls(decision.calls, journal, sources);
    case "refuse-calls":
      return journal.add(
        ...decision.calls.map((call): TurnRecord => ({
          kind: "tool.result",
          call: call.id,
          text: decision.because,
          isError: true,
        })),
      );
    case "finish": {
      const { status, text: said, error } = decision;
      return journal.add({
        kind: "end",
        status,
        text: said,
        ...(error === undefined ? {} : { error }),
        usage: noUsage,
      });
    }
    default:
      return decision satisfies never;
  }
}

function askModel(at: { readonly step: number; readonly attempt: number }, journal: Journal, sources: Sources): void {
  const next = sources.steps.shift() ?? {
    do: "answer",
    content: [{ type: "text", text: "That is all." }],
    stopReason: "end_turn",
  };
  if (next.do === "fail") {
    const error = { kind: next.kind, code: "model-overloaded" as const, message: "no" };
    return journal.add({ kind: "model.failed", step: at.step, attempt: at.attempt, error });
  }
  const content = next.content.map((one) =>
    one.type === "tool_use" ? { ...one, id: `call_${(sources.ids += 1)}` } : one,
  );
  journal.add(
    { kind: "model.request", step: at.step, reservedUsd: 0 },
    {
      kind: "model.response",
      step: at.step,
      content,
      stopReason: next.stopReason,
      usage: { ...noUsage, costUsd: 0.02 },
      model: "m",
    },
  );
}

function runCalls(calls: readonly CallState[], journal: Journal, sources: Sources): void {
  for (const call of calls) {
    const isUnsafe = call.name === "undo";
    if (call.progress === "intended" && isUnsafe) {
      journal.add({ kind: "tool.doubt", call: call.id });
      continue;
    }
    if (call.progress === "asked") {
      journal.add({
        kind: "tool.intent",
        call: call.id,
        name: call.name,
        label: "l",
        args: call.input,
        class: isUnsafe ? "unsafe" : "idempotent",
      });
    }
    const outcome = sources.calls.shift() ?? "works";
    if (outcome === "crash") return journal.add({ kind: "fence", epoch: 2, owner: "kernel-2" });
    journal.add({
      kind: "tool.result",
      call: call.id,
      text: outcome === "works" ? "" : "no",
      isError: outcome === "fails",
    });
  }
}
