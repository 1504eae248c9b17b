import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkDocComments, countExports } from "./doc-comments.ts";

function problemsOf(text: string): string[] {
  return checkDocComments(parseSource("libs/turn/src/a.ts", text)).map(({ message }) => message.split(" ")[0] ?? "");
}

test.each([
  ["export const a = 1;", "a"],
  ["export type A = string;", "A"],
  ["export interface A {}", "A"],
  ["export async function a() {}", "a"],
  ["export class A {}", "A"],
  ["// not a promise\nexport const a = 1;", "a"],
  ["/** too far away */\n\nexport const a = 1;", "a"],
  ["/** of another */\nconst b = 2;\nexport const a = 1;", "a"],
  ["const a = 1;\nexport { a };", "a"],
])("%j lacks its promise", (text, name) => {
  expect(problemsOf(text)).toEqual([name]);
});

test.each([
  "/** Gives one. */\nexport const a = 1;",
  "/**\n * Gives one.\n */\nexport function a() {}",
  "/** One. */\nexport function a(x: string): void;\nexport function a(x: number): void;\nexport function a() {}",
  "/** One. */\nconst a = 1;\nexport { a };",
  'export { a } from "./b.ts";',
  "const a = 1;",
])("%j is fine", (text) => {
  expect(problemsOf(text)).toEqual([]);
});

test("exports are counted", () => {
  expect(countExports(parseSource("libs/turn/src/a.ts", "export const a = 1;\nconst b = 1;\nexport { b };"))).toBe(2);
});
