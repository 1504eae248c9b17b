import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkSizes, limits } from "./sizes.ts";

const statements = (count: number): string => "  step();\n".repeat(count);

function problemsOf(text: string, path = "libs/turn/src/a.ts"): string[] {
  return checkSizes(parseSource(path, text)).map(({ line, message }) => `${line}: ${message}`);
}

test("a long file is found, blank lines and comments aside", () => {
  expect(problemsOf(statements(limits.fileLines + 1))).toEqual(["1: 301 lines of code, at most 300"]);
  expect(problemsOf(statements(limits.fileLines) + "\n// why\n/* and\n why */\n")).toEqual([]);
});

test("a long function is found in any form, in tests not", () => {
  const body = statements(limits.functionLines - 1);
  const long = "61";
  expect(problemsOf(`function f() {\n${body}}`)).toEqual([`1: a function of ${long} lines, at most 60`]);
  expect(problemsOf(`\nconst f = () => {\n${body}};`)).toEqual([`2: a function of ${long} lines, at most 60`]);
  expect(problemsOf(`class C { f() {\n${body}} }`)).toEqual([`1: a function of ${long} lines, at most 60`]);
  expect(problemsOf(`function f() {\n${body}}`, "libs/turn/src/a.test.ts")).toEqual([]);
  expect(problemsOf(`function f() {\n${statements(limits.functionLines - 2)}}`)).toEqual([]);
});

test("a fourth parameter is found", () => {
  const message = "1: 4 parameters, at most 3: then an options object";
  expect(problemsOf("const f = (a: A, b: B, c: C, d: D) => a;")).toEqual([message]);
  expect(problemsOf("const f = (a: A, b: B, c: C) => a;")).toEqual([]);
});
