import { describe, expect, it } from "vitest";
import {
  foldersAbove,
  isBookkeeping,
  isOwn,
  isReserved,
  isSnapshotted,
  isWatched,
  joinPath,
  splitPath,
} from "./home-rules.ts";

describe("the rules of the home", () => {
  it.each([
    ["notes/a.md", false],
    ["system/soul.md", false],
    ["system/memory/a.md", false],
    ["system/policyx", false],
    ["system/policy", true],
    ["System/Policy/a", true],
    ["system", true],
    [".matrix", true],
    [".Matrix/x", true],
    ["a/.git/config", true],
    ["a/.GIT", true],
    ["a/node_modules/x", true],
    ["a/.matrix-manifest", true],
    ["system/sessions/s/session.json", true],
  ])("%s reserved: %s", (path, reserved) => expect(isReserved(path)).toBe(reserved));

  it("knows what the history keeps and what the watcher tells", () => {
    expect(["a", "system/policy/p", "system/sessions/s/transcript.jsonl"].map(isSnapshotted)).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      [
        ".matrix/x",
        "system/open/k",
        "system/sessions/s/turns/t.jsonl",
        "system/sessions/s/turns",
        "a/.git/x",
        "node_modules",
      ].map(isSnapshotted),
    ).toEqual([false, false, false, false, false, false]);
    expect([isWatched("a"), isWatched("system/sessions/s/session.json"), isWatched("system/inbox/x")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([
      isOwn(".matrix"),
      isOwn(".matrix-not"),
      isBookkeeping("system/inbox/x"),
      isBookkeeping("system/soul.md"),
    ]).toEqual([true, false, true, false]);
  });

  it("takes paths apart and puts them together", () => {
    expect(splitPath("a/b/c")).toEqual({ folder: "a/b", name: "c" });
    expect(splitPath("a")).toEqual({ folder: "", name: "a" });
    expect([joinPath("", "a"), joinPath("a", "b")]).toEqual(["a", "a/b"]);
    expect(foldersAbove("a/b/c")).toEqual(["a/b", "a"]);
  });
});
