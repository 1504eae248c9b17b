import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkSubjects } from "./subjects.ts";

const text =
  "const a = 'mx.file.event.written';\nconst b = `mx.kernel.command.run-turn.${session}`;\nconst c = 'to mx.file';";

test("a subject outside contracts is found, plain and as a template", () => {
  const lines = checkSubjects(parseSource("services/file/src/a.ts", text)).map(({ line }) => line);
  expect(lines).toEqual([1, 2]);
});

test("contracts may write subjects", () => {
  expect(checkSubjects(parseSource("contracts/src/a.ts", text))).toEqual([]);
});
