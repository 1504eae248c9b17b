import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkNames } from "./names.ts";

function problemsOf(path: string, text = "const a = 1;"): string[] {
  return checkNames(parseSource(path, text)).map(({ message }) => message);
}

test.each([
  ["libs/bus/src/writeFile.ts", "writeFile.ts is not kebab-case"],
  ["libs/bus/src/string-utils.ts", 'string-utils.ts: "utils" says nothing'],
  ["libs/bus/src/helpers/a.ts", 'helpers: "helpers" says nothing'],
  ["libs/bus/src/common.ts", 'common.ts: "common" says nothing'],
  ["libs/bus/src/index.ts", 'index.ts: "index" says nothing'],
])("%s is found", (path, message) => {
  expect(problemsOf(path)).toEqual([message]);
});

test.each([
  "contracts/src/file/append-log.request.ts",
  "services/file/src/on-event/file-written.ts",
  "vitest.config.ts",
])("%s is fine", (path) => {
  expect(problemsOf(path)).toEqual([]);
});

test.each([
  ["export default function f() {}", "a default export"],
  ["enum Colour { red }", "enum Colour: use a union of strings"],
  ["export class TurnManager {}", "TurnManager: name what it does"],
  ['const a = 1;\nexport * from "./a.ts";', "export * (a barrel)"],
  [
    'export { a } from "./a.ts";\nexport { b } from "./b.ts";',
    "a file that only passes on what others export (a barrel)",
  ],
])("%s is found", (text, message) => {
  expect(problemsOf("libs/bus/src/turn.ts", text)).toEqual([message]);
});
