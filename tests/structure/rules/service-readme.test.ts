import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkServiceReadme, readDeclaration, readTable } from "./service-readme.ts";

const imports = `
import { writeRequest, changeReply } from "@matrix-os/contracts/file/write.request";
import { writtenEvent } from "@matrix-os/contracts/file/written.event";
import { bus } from "@matrix-os/bus";
`;
const map = parseSource(
  "services/file/src/service.ts",
  `${imports}export const service = { hears: [on(writeRequest, write)], says: [writtenEvent] };`,
);
const table =
  "| verb | message | why |\n|---|---|---|\n| hears | `file.request.write` | writes |\n| says | `file.event.written` | wrote |\n";

test("the declaration is read from the arrays hears and says", () => {
  const declared = { hears: new Set(["file.request.write"]), says: new Set(["file.event.written"]) };
  expect(readDeclaration(map)).toEqual(declared);
  expect(readTable(table)).toEqual(declared);
  const apart = `${imports}const hears = [on(writeRequest, write)];\nconst says = [writtenEvent];`;
  expect(readDeclaration(parseSource("services/file/src/service.ts", apart))).toEqual(declared);
});

test("a README that tells the same passes", () => {
  expect(checkServiceReadme(map, table)).toEqual([]);
});

test("a missing row, a row too many and a wrong verb are found", () => {
  const messages = (readme: string): string[] => checkServiceReadme(map, readme).map(({ message }) => message);
  expect(messages("")).toEqual([
    "the table lacks: hears file.request.write",
    "the table lacks: says file.event.written",
  ]);
  expect(messages(`${table}| hears | \`file.request.read\` | |\n`)).toEqual([
    "service.ts has no: hears file.request.read",
  ]);
  expect(messages(table.replace("| says", "| hears"))).toEqual([
    "service.ts has no: hears file.event.written",
    "the table lacks: says file.event.written",
  ]);
});

test("a contract that is imported but neither heard nor said is found", () => {
  const silent = parseSource(
    "services/file/src/service.ts",
    `${imports}export const service = { hears: [writeRequest], says: [] };`,
  );
  const messages = checkServiceReadme(silent, "| hears | `file.request.write` | |").map(({ message }) => message);
  expect(messages).toEqual(["file.event.written is neither heard nor said"]);
});
