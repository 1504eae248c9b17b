import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkPackageImports } from "./package-imports.ts";

const packages = [
  { name: "@matrix-os/contracts", folder: "contracts" },
  { name: "@matrix-os/bus", folder: "libs/bus" },
  { name: "@matrix-os/file", folder: "services/file" },
  { name: "@matrix-os/kernel", folder: "services/kernel" },
  { name: "@matrix-os/deploy", folder: "deploy" },
];

function problemsOf(path: string, text: string): string[] {
  return checkPackageImports(parseSource(path, text), packages).map(({ message }) => message);
}

test("a service must not import another service, also not as a type or lazily", () => {
  const text =
    'import type { A } from "@matrix-os/kernel/service";\nconst b = await import("@matrix-os/kernel/service");';
  const message = "services never import each other (@matrix-os/kernel)";
  expect(problemsOf("services/file/src/a.ts", text)).toEqual([message, message]);
});

test("a lib must not import a service", () => {
  const text = 'export { b } from "@matrix-os/file/service";';
  expect(problemsOf("libs/bus/src/a.ts", text)).toEqual(["libs must not import services (@matrix-os/file)"]);
});

test("contracts know only zod", () => {
  const text = 'import { z } from "zod";\nimport { join } from "node:path";\nimport { define } from "../define.ts";';
  expect(problemsOf("contracts/src/file/a.request.ts", text)).toEqual(["contracts know only zod (node:path)"]);
});

test("a relative path must not leave the package", () => {
  const text = 'import { b } from "../../kernel/src/b.ts";';
  expect(problemsOf("services/file/src/a.ts", text)).toEqual([
    "../../kernel/src/b.ts leaves the package: import it by its name",
  ]);
});

test("what the direction allows passes", () => {
  const service =
    'import { a } from "@matrix-os/contracts/a";\nimport { bus } from "@matrix-os/bus";\nimport "./b.ts";';
  expect(problemsOf("services/file/src/a.ts", service)).toEqual([]);
  expect(problemsOf("deploy/local/start.ts", 'import { s } from "@matrix-os/file/service";')).toEqual([]);
  expect(problemsOf("tests/integration/a.test.ts", 'import { d } from "@matrix-os/deploy/catalog";')).toEqual([]);
});
