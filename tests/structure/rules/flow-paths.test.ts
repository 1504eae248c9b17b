import { expect, test } from "vitest";

import { checkFlowPaths, findPaths } from "./flow-paths.ts";

const page =
  "| 1 | `services/file/src/main.ts` → `libs/turn` | reply `file.event.written` |\n| 2 | `docs/adr/0001.md#why` |";

test("the paths of a page are those in backticks that start at the root", () => {
  expect(findPaths(page)).toEqual(["services/file/src/main.ts", "libs/turn", "docs/adr/0001.md"]);
});

test("a path that is not there is found", () => {
  const problems = checkFlowPaths(page, (path) => path !== "libs/turn");
  expect(problems.map(({ message }) => message)).toEqual(["libs/turn is not there"]);
});
