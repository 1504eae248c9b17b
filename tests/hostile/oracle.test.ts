import { expect, test } from "vitest";
import { type History, RECOVERED_WITHIN_MS, judge, rules } from "./oracle.ts";
import { at, forgeFinished, forgeHistory, forgeJournal, forgeRecords } from "./parts/forged-history.ts";

const good = forgeHistory();
const [first, second] = good.turns;
const records = forgeRecords("one");
const withTurn = (forged: History["turns"][number] | undefined): Partial<History> => ({
  turns: [forged, second].flatMap((turn) => turn ?? []),
});

/** Histories that break a promise, each with the invariant that must notice it. */
const forged: readonly { readonly rule: string; readonly what: string; readonly bad: Partial<History> }[] = [
  {
    rule: "I1",
    what: "a journal without an end",
    bad: { ...withTurn(forgeJournal("one", 0, records.slice(0, -1))), open: ["one"] },
  },
  { rule: "I1", what: "a journal that was never made", bad: withTurn(undefined) },
  {
    rule: "I1",
    what: "an answer that is not in the transcript",
    bad: { transcripts: new Map([["s", good.transcripts.get("s")?.slice(0, 3) ?? []]]) },
  },
  {
    rule: "I1",
    what: "a transcript with the answer twice",
    bad: {
      transcripts: new Map([
        ["s", [...(good.transcripts.get("s") ?? []), ...(good.transcripts.get("s") ?? []).slice(3)]],
      ]),
    },
  },
  { rule: "I1", what: "a turn that stays open", bad: { open: ["two"] } },
  {
    rule: "I1",
    what: "an end that no watcher was told of",
    bad: { watched: new Map([["s", [forgeFinished("one", 1)]]]) },
  },
  { rule: "I2", what: "an accepted message without a file", bad: { inbox: good.inbox.slice(0, 1) } },
  {
    rule: "I2",
    what: "a message with two files",
    bad: { inbox: [...good.inbox, { session: "s", turn: "two", arrival: 3 }] },
  },
  {
    rule: "I2",
    what: "a message with two journals",
    bad: {
      turns: [
        ...good.turns,
        { ...(second ?? good.turns[0]), session: "other", turn: "two", lines: second?.lines ?? [] },
      ],
    },
  },
  {
    rule: "I2",
    what: "a turn that began twice",
    bad: withTurn(forgeJournal("one", 0, [...records.slice(0, 2), ...records.slice(1)])),
  },
  {
    rule: "I3",
    what: "an edit that was made twice",
    bad: { effects: [...good.effects, { turn: "one", call: "u_one" }] },
  },
  {
    rule: "I4",
    what: "an answer that was shown twice",
    bad: { watched: new Map([["s", [forgeFinished("one", 1), forgeFinished("one", 1), forgeFinished("two", 2)]]]) },
  },
  {
    rule: "I4",
    what: "events whose cursors go back",
    bad: { watched: new Map([["s", [forgeFinished("two", 2), forgeFinished("one", 1)]]]) },
  },
  {
    rule: "I5",
    what: "a step that was asked for when its answer was there",
    bad: { calls: [...good.calls, { turn: "one", step: 1, atMs: Date.parse(at(8)) }] },
  },
  {
    rule: "I5",
    what: "more repeats than faults",
    bad: {
      calls: [...good.calls, ...[2, 3].map((second) => ({ turn: "one", step: 1, atMs: Date.parse(at(second)) }))],
    },
  },
  {
    rule: "I5",
    what: "a step that is recorded twice",
    bad: withTurn(forgeJournal("one", 0, [...records.slice(0, 3), ...records.slice(2)])),
  },
  {
    rule: "I6",
    what: "answers in another order than arrivals",
    bad: { watched: new Map([["s", [forgeFinished("two", 2), forgeFinished("one", 3)]]]) },
  },
  {
    rule: "I6",
    what: "arrivals in another order than acceptances",
    bad: {
      accepted: good.accepted
        .toReversed()
        .map((message, n) => ({ ...message, sentAtMs: 20 * n, acceptedAtMs: 20 * n + 10 })),
    },
  },
  { rule: "I6", what: "two turns of a session at once", bad: withTurn(forgeJournal("one", 15, records)) },
  {
    rule: "I7",
    what: "a changed line",
    bad: withTurn({
      ...first,
      session: "s",
      turn: "one",
      lines: first?.lines.map((line, n) => (n === 1 ? line.replace("habit", "rabbit") : line)) ?? [],
    }),
  },
  {
    rule: "I7",
    what: "a line that is missing",
    bad: withTurn({ session: "s", turn: "one", lines: first?.lines.toSpliced(3, 1) ?? [] }),
  },
  {
    rule: "I7",
    what: "half a line",
    bad: withTurn({ session: "s", turn: "one", lines: first?.lines.with(6, first.lines[6]?.slice(0, 40) ?? "") ?? [] }),
  },
  { rule: "I7", what: "two ends", bad: withTurn(forgeJournal("one", 0, [...records, ...records.slice(-1)])) },
  {
    rule: "I7",
    what: "a marker that went before the end",
    bad: withTurn(forgeJournal("one", 0, records.slice(0, -1))),
  },
  {
    rule: "I7",
    what: "records after the end",
    bad: withTurn(forgeJournal("one", 0, [...records, ...records.slice(4, 5)])),
  },
  {
    rule: "I7",
    what: "a record of a worker that was replaced",
    bad: withTurn(
      forgeJournal("one", 0, [
        ...records.slice(0, 5),
        { kind: "fence", epoch: 2, owner: "kernel-2", inEpoch: 2 },
        ...records.slice(5).map((record) => ({ ...record, inEpoch: 1 })),
      ]),
    ),
  },
  {
    rule: "I7",
    what: "an epoch that was given twice",
    bad: withTurn(forgeJournal("one", 0, [...records.slice(0, 1), ...records])),
  },
  { rule: "I8", what: "a temporary name", bad: { litter: [".matrix/tmp/x"] } },
  { rule: "I10", what: "usage that was added twice", bad: { counted: new Map([["s", 30]]) } },
  { rule: "I10", what: "usage that was forgotten", bad: { counted: new Map([["s", 10]]) } },
  { rule: "I10", what: "answers that the model never gave", bad: { calls: good.calls.slice(0, 3) } },
  { rule: "I12", what: "a recovery that took too long", bad: { recoveredAfterMs: RECOVERED_WITHIN_MS + 1 } },
];

test("a history in which all went well is accepted", () => {
  expect(judge(good)).toEqual([]);
});

test("steps that a fault cost an answer may be asked for again, once for each fault", () => {
  expect(judge({ ...good, calls: [...good.calls, { turn: "one", step: 1, atMs: Date.parse(at(2)) }] })).toEqual([]);
});

test.each(forged)("$rule notices $what", ({ rule, bad }) => {
  expect(judge({ ...good, ...bad }).map((problem) => problem.split(" ")[0])).toContain(rule);
});

test("every invariant is forged at least once", () => {
  const names = Object.keys(rules).map((name) => name.split(" ")[0]);
  expect(new Set(forged.map(({ rule }) => rule))).toEqual(new Set(names));
});
