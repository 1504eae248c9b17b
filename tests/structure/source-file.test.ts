import { expect, test } from "vitest";

import { findCodeLines, isTest, lineAt, parseSource } from "./source-file.ts";

test("every way of naming a module is seen, with its line and whether it is only types", () => {
  const text = [
    'import { a } from "a";',
    'import type { b } from "b";',
    'import { type c } from "c";',
    'export { d } from "d";',
    'export * from "e";',
    'const f = await import("f");',
    'type G = import("g").G;',
    'import "h";',
  ].join("\n");
  const seen = parseSource("a.ts", text).imports.map(
    ({ specifier, line, typeOnly }) => `${line}${specifier}${typeOnly ? "?" : ""}`,
  );
  expect(seen.toSorted()).toEqual(["1a", "2b?", "3c?", "4d", "5e", "6f", "7g?", "8h"]);
});

test("a file that can't be parsed says so", () => {
  expect(parseSource("a.ts", "const = ;").syntaxErrors).not.toEqual([]);
});

test("lines of comment and blank lines hold no code", () => {
  const file = parseSource("a.ts", "// one\nconst a = 1; // two\n\n/* three\n four */ const b = 2;\n");
  expect(findCodeLines(file)).toEqual([false, true, false, false, true, false]);
});

test("offsets are told as lines, counted from 1", () => {
  expect([0, 1, 2, 3].map((offset) => lineAt("a\nb\n", offset))).toEqual([1, 1, 2, 2]);
});

test("tests are known by their name and place", () => {
  expect(["libs/a/src/b.test.ts", "services/a/test/b.ts", "tests/run.ts"].map(isTest)).toEqual([true, true, true]);
  expect(["libs/testkit/src/nats.ts", "contracts/src/test.ts"].map(isTest)).toEqual([false, false]);
});
