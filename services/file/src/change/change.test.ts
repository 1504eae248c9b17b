import { describe, expect, it } from "vitest";
import { clipPaths, parseChangeLine } from "./change-line.ts";
import { formatCommitMessage, parseCommitMessage } from "./commit-message.ts";
import { formatManifest, isManifestNeeded, parseManifest, plainManifest, withFile } from "./folder-manifest.ts";
import { HistoryEntries, toSummary } from "./history-entries.ts";
import { fromGitMode, isSameState, toGitMode } from "./path-state.ts";
import { replacePassages } from "./replace-passages.ts";

const line = (seq: number, more: object = {}) => ({
  seq,
  change: `c_${seq}`,
  at: "2026-11-24T12:00:00.000Z",
  origin: { actor: "owner" },
  paths: [{ path: `p${seq}`, kind: "created" as const }],
  pathCount: 1,
  ...more,
});

describe("commit messages", () => {
  it("tell the same facts when they are read back, whatever the names", () => {
    const facts = {
      summary: "a and 2 more",
      origin: { actor: "kernel", session: "s", turn: "t", call: "c" },
      seq: 4,
      change: "c_4",
      reverses: "c_1",
    };
    expect(parseCommitMessage(formatCommitMessage(facts))).toEqual(facts);
    const odd = { summary: "x\n\nSeq: 99\u0007", origin: { actor: "owner" } };
    expect(parseCommitMessage(formatCommitMessage(odd))).toMatchObject({
      summary: "x Seq: 99 ",
      origin: { actor: "owner" },
      seq: undefined,
    });
    expect(parseCommitMessage("someone else's commit\n")).toBeUndefined();
  });
});

describe("manifests", () => {
  it("mention only what a tree can't say", () => {
    const with600 = withFile(plainManifest, "a", 0o600);
    expect(parseManifest(formatManifest(with600))).toEqual(with600);
    expect(withFile(with600, "a", 0o600)).toBe(with600);
    expect(withFile(with600, "a", 0o644).files.size).toBe(0);
    expect(withFile(plainManifest, "b", 0o755)).toBe(plainManifest);
    expect(withFile(plainManifest, "b", undefined)).toBe(plainManifest);
    expect([
      isManifestNeeded(plainManifest, false),
      isManifestNeeded(plainManifest, true),
      isManifestNeeded(with600, false),
      isManifestNeeded({ mode: 0o700, files: new Map() }, false),
    ]).toEqual([false, true, true, true]);
    expect(parseManifest("{")).toEqual(plainManifest);
  });

  it("keep modes apart as git does, and compare states whole", () => {
    expect([toGitMode(0o600), toGitMode(0o744), fromGitMode("100755"), fromGitMode("100644")]).toEqual([
      "100644",
      "100755",
      0o755,
      0o644,
    ]);
    const file = { type: "file", mode: 0o644, blob: "a" } as const;
    expect(isSameState(undefined, undefined)).toBe(true);
    expect([
      isSameState(file, undefined),
      isSameState(file, { ...file, mode: 0o600 }),
      isSameState(file, { type: "link", blob: "a" }),
      isSameState({ type: "folder", mode: 1 }, { type: "folder", mode: 1 }),
    ]).toEqual([false, false, false, true]);
  });
});

describe("change lines", () => {
  it("are read back, and torn ones are not", () => {
    expect(parseChangeLine(JSON.stringify(line(1)))).toEqual(line(1));
    expect(parseChangeLine('{"seq":1')).toBeUndefined();
  });

  it("name no more paths than a message carries", () => {
    expect(clipPaths(Array.from({ length: 500 }, (_, at) => ({ path: `${at}` }))).length).toBe(200);
    expect(clipPaths(Array.from({ length: 200 }, () => ({ path: "\u0001".repeat(1_000) }))).length).toBeLessThan(20);
  });
});

describe("history entries", () => {
  it("sum up what a path went through", () => {
    const entries = new HistoryEntries();
    const turn = { origin: { actor: "kernel", turn: "t" } };
    const step = (seq: number, path: string, kind: "created" | "updated" | "deleted") =>
      entries.add(line(seq, { ...turn, paths: [{ path, kind }] }));
    step(1, "a", "created");
    step(2, "a", "updated");
    step(3, "b", "created");
    step(4, "b", "deleted");
    step(5, "c", "deleted");
    step(6, "c", "created");
    expect([...(entries.get("c_1")?.paths ?? [])]).toEqual([
      ["a", "created"],
      ["c", "updated"],
    ]);
    expect(entries.get("c_1")?.commits.length).toBe(6);
  });

  it("forget the oldest past their bound", () => {
    const entries = new HistoryEntries();
    for (let seq = 1; seq <= 10_001; seq += 1) entries.add(line(seq, { origin: { actor: "k", turn: `t${seq}` } }));
    expect([entries.get("c_1"), entries.ofTurn("t1"), entries.get("c_2")?.id]).toEqual([undefined, undefined, "c_2"]);
  });

  it("ignore an undo of something forgotten", () => {
    const entries = new HistoryEntries();
    entries.add(line(9, { reverses: "c_1" }));
    expect(entries.newestFirst().map(({ id }) => id)).toEqual(["c_9"]);
  });

  it("are summed up in words", () => {
    expect([toSummary([], 0), toSummary(["a"], 1), toSummary(["a", "b"], 2), toSummary(["a", "b"], 5)]).toEqual([
      "nothing",
      "a",
      "a, b",
      "a and 4 more",
    ]);
  });
});

it("passages are replaced one after the other", () => {
  expect(
    replacePassages("aXbX", [
      { old: "X", new: "Y", all: true },
      { old: "aY", new: "" },
    ]),
  ).toBe("bY");
  expect(() => replacePassages("aaa", [{ old: "aa", new: "b" }])).toThrow(/more than once/);
});
