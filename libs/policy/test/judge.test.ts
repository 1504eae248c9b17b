import type { Action } from "@matrix-os/contracts/policy/action";
import { type Rule, parseRulesFile } from "@matrix-os/contracts/policy/rules-file";
import type { Taint } from "@matrix-os/contracts/policy/taint";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toArea } from "../src/area.ts";
import { type Facts, noFacts } from "../src/deeds.ts";
import { type Case, isGranted, judge } from "../src/judge.ts";
import { type Deed, table } from "../src/table.ts";

const tainted: Taint[] = ["web"];
const write = (...paths: string[]): Action => ({ do: "write", paths, text: "x" });
const many = Array.from({ length: 21 }, (_, n) => `notes/${n}.md`);
const below = (...paths: string[]): Facts => ({ ...noFacts, paths, pathCount: paths.length });

function rulingOf(action: Action, more: Partial<Case> = {}): string {
  return judge({ tool: "any_tool", action, facts: noFacts, taint: [], rules: [], ...more }).ruling;
}

function rule(more: Partial<Rule>): Rule {
  return { tool: "any_tool", target: "x", verdict: "allow", evenWhenTainted: false, ...more };
}

describe("the table", () => {
  it.each<[what: string, action: Action, facts: Facts, clean: string, tainted: string]>([
    ["reading", { do: "read" }, noFacts, "allow", "allow"],
    ["writing an app", write("apps/x/index.html"), noFacts, "allow", "allow"],
    ["writing data", write("data/x/a.json"), noFacts, "allow", "allow"],
    ["writing a note", write("notes/milk.md"), noFacts, "allow", "allow"],
    ["writing memory", write("system/memory/facts.md"), noFacts, "allow", "ask"],
    ["writing what is known of the owner", write("system/user.md"), noFacts, "allow", "ask"],
    ["writing the schedule", write("system/schedule.json"), noFacts, "allow", "ask"],
    ["writing the soul", write("system/soul.md"), noFacts, "ask", "ask"],
    ["writing settings", write("system/config.json"), noFacts, "ask", "ask"],
    ["writing servers", write("system/mcp.json"), noFacts, "ask", "ask"],
    ["writing channels", write("system/channels.json"), noFacts, "ask", "ask"],
    ["writing an agent", write("agents/a.md"), noFacts, "ask", "ask"],
    ["writing a skill", write("skills/s/SKILL.md"), noFacts, "ask", "ask"],
    ["writing policy", write("system/policy/approvals.json"), noFacts, "refuse", "refuse"],
    ["writing a new policy", write("system/policy/sub/new.json"), noFacts, "refuse", "refuse"],
    ["writing the books", write("system/sessions/s/turns/t.jsonl"), noFacts, "refuse", "refuse"],
    ["deleting one file", { do: "delete", paths: ["a"] }, below("a"), "allow", "allow"],
    ["deleting many files", { do: "delete", paths: ["notes"] }, below(...many), "ask", "refuse"],
    [
      "deleting one more file after many",
      { do: "delete", paths: ["a"] },
      { ...below("a"), deletedBefore: 20 },
      "ask",
      "refuse",
    ],
    ["undoing a change of many files", { do: "undo", direction: "undo" }, below(...many), "ask", "refuse"],
    ["undoing nothing", { do: "undo", direction: "undo" }, noFacts, "allow", "allow"],
    ["deleting skills", { do: "delete", paths: ["skills"] }, below("skills/s/SKILL.md"), "ask", "ask"],
    ["deleting the folder of policies", { do: "delete", paths: ["system"] }, noFacts, "refuse", "refuse"],
    ["moving a note", { do: "move", from: "a", to: "b" }, noFacts, "allow", "allow"],
    ["moving a note to be a skill", { do: "move", from: "a", to: "skills/s/SKILL.md" }, noFacts, "ask", "ask"],
    ["moving the soul away", { do: "move", from: "system/soul.md", to: "b" }, noFacts, "ask", "ask"],
    ["moving into policy", { do: "move", from: "a", to: "system/policy/a" }, noFacts, "refuse", "refuse"],
    ["moving the system", { do: "move", from: "system", to: "b" }, noFacts, "refuse", "refuse"],
    ["undoing a note", { do: "undo", direction: "undo" }, below("notes/a.md"), "allow", "allow"],
    ["undoing the soul", { do: "undo", direction: "undo" }, below("a", "system/soul.md"), "ask", "ask"],
    ["redoing policy", { do: "undo", direction: "redo" }, below("system/policy/a"), "refuse", "refuse"],
    ["a command without network", { do: "run", command: "ls", hosts: [] }, noFacts, "allow", "allow"],
    [
      "a command with granted hosts",
      { do: "run", command: "ls", hosts: [] },
      { ...noFacts, commandHosts: ["a.org"] },
      "allow",
      "ask",
    ],
    ["ending a command", { do: "end" }, noFacts, "allow", "allow"],
    ["a command with network", { do: "run", command: "ls", hosts: ["a.org"] }, noFacts, "ask", "ask"],
    [
      "a page the owner named",
      { do: "fetch", url: "https://a.org/x" },
      { ...noFacts, namedHosts: ["a.org"] },
      "allow",
      "allow",
    ],
    [
      "the same with data",
      { do: "fetch", url: "https://a.org/?q=1" },
      { ...noFacts, namedHosts: ["a.org"] },
      "allow",
      "ask",
    ],
    [
      "the same with a long path",
      { do: "fetch", url: `https://a.org/${"a".repeat(200)}` },
      { ...noFacts, namedHosts: ["a.org"] },
      "allow",
      "ask",
    ],
    ["a page elsewhere", { do: "fetch", url: "https://b.org/" }, { ...noFacts, namedHosts: ["a.org"] }, "allow", "ask"],
    ["no address", { do: "fetch", url: "nonsense" }, noFacts, "allow", "ask"],
    ["a message to somebody", { do: "send", recipient: "ann", text: "hi" }, noFacts, "ask", "ask"],
  ])("%s", (...[, action, facts, clean, whenTainted]) => {
    expect(rulingOf(action, { facts })).toBe(clean);
    expect(rulingOf(action, { facts, taint: tainted })).toBe(whenTainted);
  });

  it("is never milder when words of others are about", () => {
    const order = ["allow", "ask", "refuse"];
    for (const deed of Object.keys(table) as Deed[]) {
      expect(order.indexOf(table[deed].tainted), deed).toBeGreaterThanOrEqual(order.indexOf(table[deed].clean));
    }
  });
});

describe("paths", () => {
  it.each([
    "system/policy",
    "system/policy/a",
    "System/Policy/a",
    "SYSTEM/POLICY",
    "ſystem/policy/x",
    "system/policy./x",
    "system/policy /x",
    "system/pol\u200bicy/x",
    "ｓystem/policy/x",
    "system",
    "System",
  ])("%j is policy", (path) => {
    expect(toArea(path)).toBe("policy");
  });

  it.each(["agents", "Agents/x.md", "skills/a/b/c", "SYSTEM/SOUL.MD"])("%j is protected", (path) => {
    expect(toArea(path)).toBe("protected");
  });

  it.each(["agents2/x", "my/skills/x", "systems/policy", "policy/x", "apps/system/policy"])("%j is open", (path) => {
    expect(toArea(path)).toBe("open");
  });

  it("are policy below policy, whatever follows and however it is written", () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.boolean()), (names, shout) => {
        const path = ["system", "policy", ...names].join("/");
        const written = [...path].map((sign) => (shout.next().value ? sign.toUpperCase() : sign)).join("");
        expect(rulingOf(write("apps/a", written), { rules: [rule({ target: path })] })).toBe("refuse");
      }),
    );
  });
});

describe("the owner's rules", () => {
  const soul = write("system/soul.md");

  it("grant what is asked about, to that tool and target only", () => {
    const rules = [rule({ target: "system/soul.md" })];
    expect(rulingOf(soul, { rules })).toBe("allow");
    expect(rulingOf(soul, { rules, tool: "other_tool" })).toBe("ask");
    expect(rulingOf(write("system/soul.md", "skills/s"), { rules })).toBe("ask");
  });

  it("grant nothing in a tainted conversation unless they say so", () => {
    expect(rulingOf(soul, { rules: [rule({ target: "system/soul.md" })], taint: tainted })).toBe("ask");
    const even = [rule({ target: "system/soul.md", evenWhenTainted: true })];
    expect(rulingOf(soul, { rules: even, taint: tainted })).toBe("allow");
  });

  it("never grant what the table refuses", () => {
    const rules = [rule({ target: "system/policy/**", evenWhenTainted: true })];
    expect(rulingOf(write("system/policy/a"), { rules })).toBe("refuse");
    expect(
      rulingOf(
        { do: "delete", paths: ["n"] },
        { rules: [rule({ target: "n", evenWhenTainted: true })], facts: below(...many), taint: tainted },
      ),
    ).toBe("refuse");
  });

  it("refuse before they ask, ask before they grant", () => {
    const grant = rule({ target: "notes/a" });
    const ask = rule({ tool: "*", target: "notes/*", verdict: "ask" });
    const refuse = rule({ tool: "*", target: "**/a", verdict: "refuse" });
    expect(rulingOf(write("notes/a"), { rules: [grant, ask, refuse] })).toBe("refuse");
    expect(rulingOf(write("notes/a"), { rules: [ask, grant] })).toBe("ask");
    expect(rulingOf(write("notes/b/c"), { rules: [ask] })).toBe("allow");
  });

  it("are all strict when their file is damaged", () => {
    expect(rulingOf(write("notes/a"), { rules: "unreadable" })).toBe("ask");
    expect(rulingOf(write("system/policy/a"), { rules: "unreadable" })).toBe("refuse");
    expect(rulingOf({ do: "read" }, { rules: "unreadable" })).toBe("allow");
    expect(isGranted("skills/a", [], "unreadable")).toBe(false);
  });

  it("grant a path for good where the file service asks", () => {
    const rules = [rule({ target: "skills/mine/**" })];
    expect(isGranted("skills/mine/SKILL.md", [], rules)).toBe(true);
    expect(isGranted("skills/mine/SKILL.md", tainted, rules)).toBe(false);
    expect(isGranted("skills/yours/SKILL.md", [], rules)).toBe(false);
    expect(isGranted("skills/mine/a", tainted, [rule({ target: "skills/mine/**", evenWhenTainted: true })])).toBe(true);
    expect(isGranted("skills/mine/a", [], [rule({ target: "skills/mine/**", verdict: "ask" })])).toBe(false);
  });

  it.each([
    ['{"rules":[{"tool":"write_file","target":"skills/mine/**","verdict":"allow"}]}', undefined],
    ['{"rules":[{"tool":"fetch","target":"*.example.org","verdict":"refuse"}]}', undefined],
    ["{}", undefined],
    ['{"rules":[{"tool":"*","target":"skills/x","verdict":"allow"}]}', "rules.0.tool"],
    ['{"rules":[{"tool":"write_file","target":"**","verdict":"allow"}]}', "rules.0.target"],
    ['{"rules":[{"tool":"write_file","target":"*/x","verdict":"allow"}]}', "rules.0.target"],
    ['{"rules":[{"tool":"write_file","target":"sk*/x","verdict":"allow"}]}', "rules.0.target"],
    ['{"rules":[{"tool":"write_file","target":"x","verdict":"maybe"}]}', "rules.0.verdict"],
    ['{"rule":[]}', "body"],
    ["{", "system/policy/approvals.json"],
  ])("in %s: wrong at %s", (text, field) => {
    if (field === undefined) expect(parseRulesFile(text)).toBeInstanceOf(Array);
    else expect(() => parseRulesFile(text)).toThrow(expect.objectContaining({ code: "invalid", field }));
  });
});
