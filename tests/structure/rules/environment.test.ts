import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkEnvironment } from "./environment.ts";

const readings = [
  "const a = process.env.HOME;",
  'const a = process["env"];',
  "const { env } = process;",
  "const a = globalThis.process.env;",
  'import { env } from "node:process";',
];

test.each(readings)("%s is found outside config.ts", (text) => {
  expect(checkEnvironment(parseSource("libs/bus/src/connect.ts", text))).toHaveLength(1);
});

test.each(["libs/bus/src/config.ts", "deploy/local/start.ts", "tests/run.ts", "libs/bus/src/a.test.ts"])(
  "%s may read it",
  (path) => {
    expect(readings.flatMap((text) => checkEnvironment(parseSource(path, text)))).toEqual([]);
  },
);

test("other environments are not meant", () => {
  expect(checkEnvironment(parseSource("libs/bus/src/a.ts", "const a = deps.env.HOME + process.pid;"))).toEqual([]);
});
