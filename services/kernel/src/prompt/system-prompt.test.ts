import { describe, expect, test } from "vitest";
import { type PromptParts, toHash, toSystemPrompt } from "./system-prompt.ts";

const parts: PromptParts = { soul: "Be kind.", user: "Ada", facts: "- likes tea", skills: [], today: "2026-11-24" };

function toText(from: Partial<PromptParts> = {}): string[] {
  return toSystemPrompt({ ...parts, ...from }).map((block) => String(block["text"]));
}

describe("the system prompt", () => {
  test("keeps what changes out of the part that servers cache", () => {
    const [before] = toSystemPrompt(parts);
    const [after] = toSystemPrompt({ ...parts, today: "2026-11-25", facts: "- likes coffee", user: "Bo" });
    expect(before).toEqual(after);
    expect(before?.["cache_control"]).toEqual({ type: "ephemeral" });
  });

  test("carries SOUL, owner, memory and day", () => {
    const text = toText().join("\n");
    for (const part of ["Be kind.", "Ada", "likes tea", "2026-11-24"]) expect(text).toContain(part);
  });

  test("leaves out sections that are empty", () => {
    expect(toText({ soul: "", user: "", facts: "" }).join("\n")).not.toContain("##");
  });

  test("stays under its budget whatever the owner's files hold", () => {
    const huge = "x".repeat(100_000);
    const skills = Array.from({ length: 500 }, (_, index) => ({
      name: `skill-${index}`,
      description: huge.slice(0, 400),
      path: "skills/x/SKILL.md",
    }));
    expect(toText({ soul: huge, user: huge, facts: huge, skills }).join("").length).toBeLessThan(4 * 3_500);
  });

  test("keeps the newest facts when memory is long, and says that skills were left out", () => {
    const facts = `${"- old fact\n".repeat(1_000)}- the newest fact`;
    const skills = Array.from({ length: 200 }, (_, index) => ({
      name: `skill-${index}`,
      description: "does things",
      path: "skills/x/SKILL.md",
    }));
    const text = toText({ facts, skills }).join("\n");
    expect(text).toContain("the newest fact");
    expect(text).toContain("more: list the skills folder");
  });
});

test("the same prompt has the same fingerprint, another one another", () => {
  expect(toHash(["a"])).toBe(toHash(["a"]));
  expect(toHash(["a"])).not.toBe(toHash(["b"]));
});
