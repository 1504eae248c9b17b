import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkServiceImports } from "./service-imports.ts";

function problemsOf(path: string, text: string): string[] {
  return checkServiceImports(parseSource(`services/file/src/${path}`, text)).map(({ message }) => message);
}

test("a noun imports neither handlers nor technology nor the bus", () => {
  const text = [
    'import { a } from "../on-request/write.ts";',
    'import type { Disk } from "../disk/disk.ts";',
    'import { request } from "@matrix-os/bus";',
    'import { other } from "../journal/fold.ts";',
  ].join("\n");
  expect(problemsOf("history/plan.ts", text)).toEqual([
    "noun must not import on (../on-request/write.ts)",
    "noun must not import technology (../disk/disk.ts)",
    "a noun folder must not know the bus (@matrix-os/bus)",
  ]);
});

test("effects stand in handlers and technology: a noun reaches neither", () => {
  expect(problemsOf("on-request/write.ts", 'import { store } from "../disk/store.ts";')).toEqual([]);
  expect(problemsOf("on-request/write.ts", 'import { start } from "../main.ts";')).toEqual([
    "on must not import main (../main.ts)",
  ]);
  expect(problemsOf("history/plan.ts", 'import { store } from "../disk/store.ts";')).toEqual([
    "noun must not import technology (../disk/store.ts)",
  ]);
  expect(
    problemsOf(
      "on-request/write.ts",
      'import type { Deps } from "../deps.ts";\nimport { plan } from "../history/plan.ts";',
    ),
  ).toEqual([]);
});

test("nothing imports main, and main only what it starts", () => {
  expect(problemsOf("service.ts", 'import { a } from "./main.ts";')).toEqual([
    "service must not import main (./main.ts)",
  ]);
  expect(problemsOf("main.ts", 'import { plan } from "./history/plan.ts";')).toEqual([
    "main must not import noun (./history/plan.ts)",
  ]);
  expect(
    problemsOf("main.ts", 'import { service } from "./service.ts";\nimport { readConfig } from "./config.ts";'),
  ).toEqual([]);
});

test("deps is the place that knows technology", () => {
  expect(problemsOf("deps.ts", 'import { openDisk } from "./disk/disk.ts";')).toEqual([]);
  expect(problemsOf("disk/disk.ts", 'import { createDeps } from "../deps.ts";')).toEqual([
    "technology must not import deps (../deps.ts)",
  ]);
});
