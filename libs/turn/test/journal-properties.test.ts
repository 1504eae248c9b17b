import { compareCursors, sessionEvent } from "@matrix-os/contracts/shell/session-event";
import { exampleMessage } from "@matrix-os/contracts/turn/examples";
import { noUsage } from "@matrix-os/contracts/turn/message";
import type { JournalLine } from "@matrix-os/contracts/turn/record";
import { findProblem } from "@matrix-os/testkit/messages/check-request";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../src/decide.ts";
import { createEventWriter, toSessionEvents } from "../src/session-events.ts";
import { toExchange } from "../src/to-ending.ts";
import { toModelMessages } from "../src/to-model-messages.ts";
import { type ModelMessage, type TurnState, emptyTurn, foldTurn } from "../src/turn-state.ts";
import { anyScript, playTurn } from "./play-turn.ts";

const RUNS = { numRuns: 1_000 };
const place = { session: exampleMessage.session, turn: exampleMessage.key, arrival: exampleMessage.arrival };

/** Every state that a crash could leave behind, the whole journal included. */
function statesOf(lines: readonly JournalLine[]): TurnState[] {
  return lines.map((_, index) => foldTurn(emptyTurn, lines.slice(0, index + 1)));
}

/** Why the Messages API would refuse a conversation. */
function problemOf(messages: readonly ModelMessage[]): string | undefined {
  return findProblem(messages as unknown as Parameters<typeof findProblem>[0]);
}

const finalStateOf = (lines: readonly JournalLine[]): TurnState => foldTurn(emptyTurn, lines);
const nextQuestion: ModelMessage = { role: "user", content: [{ type: "text", text: "and now?" }] };

describe("any turn", () => {
  it("folds at every prefix of its journal to a conversation that the Messages API accepts", () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        for (const state of statesOf(playTurn(script))) {
          const messages = toModelMessages(state);
          expect(messages.length === 0 ? undefined : problemOf(messages)).toBeUndefined();
        }
      }),
      RUNS,
    );
  });

  it("ends, within its limits of steps, tool calls and tries, and then does nothing any more", () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const lines = playTurn(script);
        const state = finalStateOf(lines);
        expect(state.ended).toBeDefined();
        expect(state.steps.length).toBeLessThanOrEqual(script.limits.steps);
        expect(lines.filter(({ record }) => record.kind === "tool.intent").length).toBeLessThanOrEqual(
          script.limits.toolCalls,
        );
        for (const { failedAttempts } of statesOf(lines))
          expect(failedAttempts).toBeLessThanOrEqual(script.limits.modelAttempts);
        expect(decide(state, { limits: script.limits, elapsedMs: 1e9, stopRequested: true })).toEqual({
          do: "nothing",
        });
      }),
      RUNS,
    );
  });

  it("never runs an unsafe call again, and reports what a crash cut off as in doubt", () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const records = playTurn(script).map(({ record }) => record);
        const intents = records.flatMap((record) => (record.kind === "tool.intent" ? [record.call] : []));
        expect(new Set(intents).size).toBe(intents.length);
        for (const [index, record] of records.entries()) {
          if (record.kind !== "tool.intent" || record.class !== "unsafe" || records[index + 1]?.kind !== "fence")
            continue;
          const after = records.slice(index + 1).filter((later) => "call" in later && later.call === record.call);
          expect(after.every(({ kind }) => kind === "tool.doubt")).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("stays as an exchange that ends with the assistant and that the next question may follow", () => {
    fc.assert(
      fc.property(anyScript, fc.constantFrom("done", "failed", "stopped"), (script, status) => {
        for (const state of statesOf(playTurn(script))) {
          if (state.input === undefined) continue;
          const ended = state.ended ?? { status, text: "" };
          const exchange = toExchange({ ...state, ended });
          expect(exchange.at(-1)?.role).toBe("assistant");
          expect(problemOf([...exchange, nextQuestion])).toBeUndefined();
          expect(problemOf([...exchange, ...exchange.map(withOtherCalls), nextQuestion])).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });

  it("shows the same events for the same lines, in one go or line by line, with growing cursors", () => {
    fc.assert(
      fc.property(anyScript, fc.nat(), (script, cut) => {
        const lines = playTurn(script);
        const events = toSessionEvents(place, lines);
        expect(toSessionEvents(place, lines)).toEqual(events);
        const write = createEventWriter(place);
        const at = cut % (lines.length + 1);
        expect([...write(lines.slice(0, at)), ...write(lines.slice(at))]).toEqual(events);
        for (const [index, event] of events.entries()) {
          expect(sessionEvent.safeParse(event).success).toBe(true);
          const before = events[index - 1];
          if (before !== undefined) expect(compareCursors(before.cursor, event.cursor)).toBeLessThan(0);
        }
        expect(events.at(-1)).toMatchObject({ type: "finished" });
      }),
      RUNS,
    );
  });

  it("names the tool in every step that it shows, refused calls included", () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const steps = toSessionEvents(place, playTurn(script)).filter((event) => event.type === "step");
        expect(steps.map(({ tool }) => tool)).not.toContain("unknown");
      }),
      RUNS,
    );
  });
});

/** The same exchange as another turn had it: ids of calls are never used twice. */
function withOtherCalls(message: ModelMessage): ModelMessage {
  const rename = (id: unknown) => `other_${String(id)}`;
  const content = message.content.map((block) => {
    if (block.type === "tool_use") return { ...block, id: rename(block["id"]) };
    return block.type === "tool_result" ? { ...block, tool_use_id: rename(block["tool_use_id"]) } : block;
  });
  return { ...message, content };
}

describe("a turn", () => {
  const limits = { steps: 2, toolCalls: 2, durationMs: 1_000, costUsd: 1, modelAttempts: 2 };
  const later = { limits, elapsedMs: 3_600_000, stopRequested: false };

  const linesOf = (...records: JournalLine["record"][]): JournalLine[] =>
    records.map((record, index) => ({ n: index + 1, at: exampleMessage.at, epoch: 1, prev: "", record }));
  const begin: JournalLine["record"] = {
    kind: "begin",
    input: exampleMessage,
    model: "m",
    promptHash: "",
    toolsHash: "",
    budget: { steps: 1, toolCalls: 1, durationMs: 1, costUsd: 1 },
  };
  const response = (content: ModelMessage["content"], stopReason: string, costUsd = 0): JournalLine["record"] => ({
    kind: "model.response",
    step: 1,
    content: [...content],
    stopReason,
    usage: { ...noUsage, costUsd },
    model: "m",
  });

  it("whose whole answer is recorded is done, even when time or money ran out with it", () => {
    const state = finalStateOf(linesOf(begin, response([{ type: "text", text: "Here you are." }], "end_turn", 5)));
    expect(decide(state, later)).toEqual({ do: "finish", status: "done", text: "Here you are." });
  });

  it("that is cut off at its limit of steps by pauses of the server ends", () => {
    const pause = response([{ type: "text", text: "…" }], "pause_turn");
    expect(decide(finalStateOf(linesOf(begin, pause, pause)), { ...later, elapsedMs: 0 })).toMatchObject({
      do: "finish",
      status: "failed",
    });
  });

  it("does not call a begun call refused: it may have happened", () => {
    const calls = ["a", "b"].map((id) => ({ type: "tool_use", id, name: "undo", input: {} }));
    const intents = calls.map(({ id, name }): JournalLine["record"] => ({
      kind: "tool.intent",
      call: id,
      name,
      label: "",
      args: {},
      class: "unsafe",
    }));
    const state = finalStateOf(linesOf(begin, response(calls, "tool_use"), ...intents));
    expect(decide(state, { ...later, elapsedMs: 0 })).toMatchObject({
      do: "run-calls",
      calls: [{ id: "a" }, { id: "b" }],
    });
  });

  it("leaves an exchange of bounded size, counted in bytes", () => {
    const long = "ü".repeat(90_000);
    const state = finalStateOf(
      linesOf(begin, response([{ type: "text", text: long }], "end_turn"), {
        kind: "end",
        status: "done",
        text: long,
        usage: noUsage,
      }),
    );
    const exchange = toExchange(state);
    expect(Buffer.byteLength(JSON.stringify(exchange))).toBeLessThan(80_000);
    expect(problemOf([...exchange, nextQuestion])).toBeUndefined();
  });
});
