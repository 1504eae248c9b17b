import type { Action } from "@matrix-os/contracts/policy/action";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toArgsHash } from "../src/args-hash.ts";
import { noFacts } from "../src/deeds.ts";
import { diffLines } from "../src/diff-lines.ts";
import { toQuestionWords } from "../src/question-words.ts";

const words = (action: Action, more: { before?: string; paths?: string[] } = {}) => {
  const paths = more.paths ?? [];
  return toQuestionWords({
    action,
    facts: { ...noFacts, paths, pathCount: paths.length },
    why: "why",
    before: more.before,
  });
};

describe("a question", () => {
  it.each<[Action, string, string]>([
    [{ do: "read" }, "Read files", ""],
    [{ do: "write", paths: ["system/soul.md"], text: "a" }, "Write system/soul.md", "system/soul.md"],
    [{ do: "write", paths: ["a"], replacements: [{ old: "x", new: "" }] }, "Change a", "a"],
    [{ do: "write", paths: ["a"] }, "Change a", "a"],
    [{ do: "move", from: "a", to: "b" }, "Move a to b", "a"],
    [{ do: "delete", paths: ["a", "b"] }, "Delete a, b", ""],
    [{ do: "undo", direction: "undo" }, "Take the newest change back", ""],
    [{ do: "undo", direction: "redo" }, "Bring the change back", ""],
    [{ do: "run", command: "curl x", hosts: ["x"] }, "Run a command that may reach x", "curl x"],
    [{ do: "run", command: "ls", folder: "apps/a", hosts: [] }, "Run a command", "ls"],
    [{ do: "end" }, "End a command", ""],
    [{ do: "fetch", url: "https://a.org:8/x?y" }, "Open a.org:8", "https://a.org:8/x?y"],
    [{ do: "fetch", url: "nonsense" }, "Open nonsense", "nonsense"],
    [{ do: "send", recipient: "ann", text: "hi" }, "Send a message to ann", "ann"],
  ])("about %j says «%s»", (action, title, first) => {
    const asked = words(action);
    expect(asked).toMatchObject({ title, why: "why" });
    expect(asked?.facts[0]?.value ?? "").toBe(first);
  });

  it("shows how a file changes", () => {
    const action: Action = { do: "write", paths: ["system/soul.md"], text: "a\nB\nc\n" };
    expect(words(action, { before: "a\nb\nc\n" })).toMatchObject({
      title: "Change system/soul.md",
      diff: [
        { kind: "same", text: "a" },
        { kind: "removed", text: "b" },
        { kind: "added", text: "B" },
        { kind: "same", text: "c" },
      ],
    });
    expect(words({ do: "write", paths: ["a"], replacements: [{ old: "x\ny", new: "z" }] })?.diff).toEqual([
      { kind: "removed", text: "x" },
      { kind: "removed", text: "y" },
      { kind: "added", text: "z" },
    ]);
  });

  it("lists the first files and counts the rest", () => {
    const paths = Array.from({ length: 30 }, (_, n) => `f${n}`);
    const facts = words({ do: "delete", paths: ["all"] }, { paths })?.facts ?? [];
    expect(facts).toHaveLength(21);
    expect(facts.at(-1)).toEqual({ name: "And", value: "10 more files, 30 in all" });
  });

  it("writes hidden signs out", () => {
    expect(words({ do: "send", recipient: "ann\u202egro", text: "a\u200bb\u0000c" })?.facts).toEqual([
      { name: "To", value: "ann\\u{202e}gro" },
      { name: "Text", value: "a\\u{200b}b\\u{0}c" },
    ]);
  });

  it("is none when it can't be seen whole", () => {
    expect(words({ do: "send", recipient: "ann", text: "a".repeat(30_000) })).toBeUndefined();
  });
});

describe("a difference", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(""));

  it("leads from one text to the other", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        // Short texts: only stretches of more than three unchanged lines on each side are left out.
        if (lines.some((line) => line.text === "…")) return;
        const without = (kind: string) =>
          lines
            .filter((line) => line.kind !== kind)
            .map((line) => `${line.text}\n`)
            .join("");
        if (before !== after) expect([without("added"), without("removed")]).toEqual([before, after]);
      }),
    );
  });

  it("leaves long unchanged stretches out", () => {
    const before = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    const after = before.with(20, "other");
    const lines = diffLines(before.join("\n"), after.join("\n"));
    expect(lines.map((line) => line.text)).toEqual([
      "line 17",
      "line 18",
      "line 19",
      "line 20",
      "other",
      "line 21",
      "line 22",
      "line 23",
      "…",
    ]);
    expect(diffLines("same", "same")).toEqual([]);
  });

  it("stays quick with long texts", () => {
    const long = (sign: string) => Array.from({ length: 1_600 }, (_, n) => `${sign}${n}`).join("\n");
    expect(diffLines(long("a"), long("b"))).toHaveLength(3_200);
  });
});

describe("what an approval is bound to", () => {
  const bound = {
    tool: "write_file",
    args: { path: "a", content: "b" },
    target: "a",
    taint: ["web" as const, "app" as const],
  };

  it("is the same in any order", () => {
    const other = {
      ...bound,
      args: { content: "b", path: "a" },
      taint: ["app" as const, "web" as const, "web" as const],
    };
    expect(toArgsHash(other)).toBe(toArgsHash(bound));
  });

  it.each([
    { tool: "edit_file" },
    { args: { path: "a", content: "c" } },
    { args: { path: "a", content: "b", more: null } },
    { args: [["path", "a"]] },
    { target: "b" },
    { taint: [] },
  ])("differs with %j", (change) => {
    expect(toArgsHash({ ...bound, ...change })).not.toBe(toArgsHash(bound));
  });
});
