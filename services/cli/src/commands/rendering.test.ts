import { expect, test } from "vitest";
import { createPaint } from "../terminal/paint.ts";
import { toHistoryTable, toReversal } from "./history.ts";
import { toLogText, toNewLines } from "./logs.ts";
import { toConversation } from "./sessions.ts";
import { toStatusText } from "./status.ts";

const paint = createPaint({ isTerminal: true, colours: false });
const now = new Date("2026-11-24T13:00:00.000Z");
const at = "2020-11-24T12:00:00.000Z";

test("the history names what changed, and what was taken back", () => {
  const entry = { id: "c_1", at, origin: { actor: "kernel" }, summary: "a habit\ntracker", paths: [], pathCount: 2 };
  const table = toHistoryTable(
    [
      { ...entry, state: "undone" },
      { ...entry, id: "c_10", pathCount: 1, state: "applied" },
    ],
    paint,
    now,
  );
  expect(table).toMatch(/^c_1 {3}24 Nov 2020 \d\d:\d\d {2}kernel {2}2 files {2}a habit␊tracker \(undone\)$/m);
  expect(table).toMatch(/^c_10 {2}.* {2}1 file {3}a habit␊tracker$/m);
});

test("the history says where: the path, or the folder that holds all paths", () => {
  const toPaths = (...paths: string[]) => ({
    paths: paths.map((path) => ({ path, kind: "created" as const })),
    pathCount: paths.length,
  });
  const entry = { id: "c_1", at, origin: { actor: "kernel" }, summary: "asked", state: "applied" as const };
  const toRow = (...paths: string[]) => toHistoryTable([{ ...entry, ...toPaths(...paths) }], paint, now);
  expect(toRow("notes/milk.md")).toContain("  notes/milk.md  ");
  expect(toRow("apps/water/app.json", "apps/water/parts/a.js")).toContain("  apps/water/ (2 files)  ");
  expect(toRow("apps/water/app.json", "notes/milk.md")).toContain("  2 files  ");
});

test("an undo tells each path, and what it left alone", () => {
  const done = {
    entry: "c",
    summary: "s",
    paths: [{ path: "a", kind: "deleted" as const }],
    conflicts: ["b"],
    withheld: ["c"],
    seq: 1,
  };
  expect(toReversal(done, "redo", paint)).toBe(
    "Brought back: s\n  deleted a\n  left alone, changed since: b\n  left alone, its earlier content held a secret and was not kept: c\n",
  );
});

test("a conversation shows who said what, the steps and how it ended", () => {
  const step = { call: "c", tool: "write_file", label: "a", state: "done" as const };
  const error = { kind: "broken" as const, code: "internal" as const, message: "" };
  const text = toConversation(
    {
      id: "s_1",
      title: "t",
      state: "failed",
      from: 0,
      total: 2,
      messages: [
        { id: "1", turn: "t", role: "user", text: "hi", steps: [], at },
        { id: "2", turn: "t", role: "assistant", text: "ho\n", steps: [step], at, status: "failed", error },
      ],
    },
    paint,
    now,
  );
  expect(text.replace(/ 24 Nov 2020 \d\d:\d\d/g, "")).toBe(
    "t s_1\n\nyou\nhi\n\nmatrix\n  ✎ write_file a\nho\n✗ Something broke inside; the log has the detail.\n",
  );
});

test("a log line tells its facts after its phrase", () => {
  const line = { time: "T", level: "warn", msg: "slow", service: "file", ms: 5, path: "\u001b[2J" };
  expect(toLogText(line, paint)).toBe("T warn  file slow ms=5 path=␛[2J");
});

test("of a batch of log lines only the new ones are shown", () => {
  const line = (n: number) => ({ time: String(n), level: "info", msg: "m" });
  expect(toNewLines(line(2), [line(1), line(2), line(3)])).toEqual([line(3)]);
  expect(toNewLines(line(9), [line(1)])).toEqual([line(1)]);
  expect(toNewLines(undefined, [line(1)])).toEqual([line(1)]);
});

test("the status names what is down", () => {
  const status = {
    version: "1",
    home: "/h",
    model: "m",
    provider: "custom" as const,
    rehearsal: false,
    problems: ["p"],
    services: { file: "up" as const, kernel: "down" as const },
    bus: "up" as const,
    spentTodayUsd: 0.5,
    dayBudgetUsd: 10,
    uptimeSeconds: 60,
  };
  expect(toStatusText(status, "http://x", paint)).toBe(
    "Matrix OS 1 http://x\nmodel        m\nservices     down: kernel file\nhome         /h\nspent today  $0.50 of $10.00\nrunning for  1 min\n! p\n",
  );
});
