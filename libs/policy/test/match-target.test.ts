import { expect, it } from "vitest";
import { matchesTarget } from "../src/match-target.ts";

it.each([
  ["notes/a.md", "notes/a.md", true],
  ["notes/a.md", "Notes/A.md", true],
  ["notes/*", "notes/a.md", true],
  ["notes/*", "notes/b/a.md", false],
  ["notes/**", "notes/b/a.md", true],
  ["notes/**/z", "notes/a/b/z", true],
  ["*.example.org", "www.example.org", true],
  ["*.example.org", "example.org", false],
  ["**", "anything/at all", true],
  ["a*c", "abc", true],
  ["a*c", "abd", false],
  ["", "", true],
  ["", "a", false],
  ["a", "", false],
  ["a.c", "abc", false],
])("%j on %j: %s", (pattern, target, fits) => {
  expect(matchesTarget(pattern, target)).toBe(fits);
});

it("is quick with a pattern made to be slow", () => {
  expect(matchesTarget(`${"**a".repeat(100)}b`, "a".repeat(500))).toBe(false);
});
