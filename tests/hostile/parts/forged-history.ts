import { noUsage } from "@matrix-os/contracts/turn/message";
import { exampleEntry, exampleMessage } from "@matrix-os/contracts/turn/examples";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import { type History, type TurnHistory, toLink } from "../oracle.ts";

const usage = { ...noUsage, outputTokens: 5 };

/** The moment so many seconds into a forged history. */
export function at(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
}

/** A journal whose chain holds, however wrong its records are; two seconds from one record to the next. */
export function forgeJournal(
  turn: string,
  startSecond: number,
  records: readonly (TurnRecord & { readonly inEpoch?: number })[],
): TurnHistory {
  const lines: string[] = [];
  for (const [index, { inEpoch, ...record }] of records.entries()) {
    const prev = index === 0 ? "" : toLink(lines[index - 1] ?? "");
    lines.push(JSON.stringify({ n: index + 1, at: at(startSecond + 2 * index), epoch: inEpoch ?? 1, prev, record }));
  }
  return { session: "s", turn, lines };
}

/** The records of a turn that edits a file and answers. */
export function forgeRecords(turn: string): TurnRecord[] {
  const answer = { kind: "model.response" as const, content: [], stopReason: "end_turn", usage, model: "m" };
  return [
    { kind: "fence", epoch: 1, owner: "kernel-1" },
    {
      kind: "begin",
      input: { ...exampleMessage, key: turn, session: "s" },
      model: "m",
      promptHash: "",
      toolsHash: "",
      budget: { steps: 1, toolCalls: 1, durationMs: 1, costUsd: 1 },
    },
    { ...answer, step: 1 },
    { kind: "tool.intent", call: `u_${turn}`, name: "edit_file", label: "", args: {}, class: "unsafe" },
    { kind: "tool.result", call: `u_${turn}`, text: "edited", isError: false },
    { ...answer, step: 2 },
    { kind: "end", status: "done", text: "Done.", usage },
  ];
}

/** What a watcher sees at the end of a turn. */
export function forgeFinished(turn: string, arrival: number): SessionEvent {
  return {
    type: "finished",
    cursor: `${arrival}.7`,
    session: "s",
    turn,
    at: at(0),
    status: "done",
    id: `${turn}.assistant`,
    text: "Done.",
  };
}

/** Two turns of one session that went as they should, with one kill on the way that cost nothing. */
export function forgeHistory(): History {
  const turns = [forgeJournal("one", 0, forgeRecords("one")), forgeJournal("two", 20, forgeRecords("two"))];
  const entries = ["one", "two"].flatMap((turn) =>
    (["user", "assistant"] as const).map((role) => ({ ...exampleEntry, id: `${turn}.${role}`, turn, role })),
  );
  return {
    accepted: [
      { session: "s", turn: "one", sentAtMs: 0, acceptedAtMs: 10 },
      { session: "s", turn: "two", sentAtMs: 20, acceptedAtMs: 30 },
    ],
    inbox: [
      { session: "s", turn: "one", arrival: 1 },
      { session: "s", turn: "two", arrival: 2 },
    ],
    turns,
    transcripts: new Map([["s", entries]]),
    open: [],
    calls: [
      { turn: "one", step: 1, atMs: Date.parse(at(3)) },
      { turn: "one", step: 2, atMs: Date.parse(at(9)) },
      { turn: "two", step: 1, atMs: Date.parse(at(23)) },
      { turn: "two", step: 2, atMs: Date.parse(at(29)) },
    ],
    effects: [
      { turn: "one", call: "u_one" },
      { turn: "two", call: "u_two" },
    ],
    watched: new Map([["s", [forgeFinished("one", 1), forgeFinished("two", 2)]]]),
    counted: new Map([["s", 20]]),
    litter: [],
    faults: 1,
    overlaps: 0,
    recoveredAfterMs: 3_000,
  };
}
