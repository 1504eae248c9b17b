import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLogFiles } from "./log-files.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "logs-"));
  const line = (time: number, level: string, rest: object) =>
    JSON.stringify({ level, time: `2026-01-01T00:00:0${time}Z`, msg: "m", ...rest });
  await writeFile(
    join(folder, "file.log"),
    `${line(1, "info", { service: "file" })}\n${line(4, "error", { service: "file", correlation: "c" })}\n{"half`,
  );
  await writeFile(
    join(folder, "kernel.jsonl"),
    `not json\n${line(2, "debug", { service: "kernel" })}\n${line(3, "warn", { service: "kernel", extra: 1 })}\n`,
  );
  await writeFile(join(folder, "other.txt"), line(0, "error", {}));
});
afterAll(() => rm(folder, { recursive: true }));

const times = async (filter: object) =>
  (await readLogFiles(folder, { limit: 10, ...filter })).lines.map((line) => Number(line.time.at(-2)));

test("lines of all files come in order of time, the newest that fit", async () => {
  expect(await times({})).toEqual([1, 2, 3, 4]);
  expect(await times({ limit: 2 })).toEqual([3, 4]);
});

test("filters by service, level and correlation; more fields stay", async () => {
  expect(await times({ service: "kernel" })).toEqual([2, 3]);
  expect(await times({ level: "warn" })).toEqual([3, 4]);
  expect(await times({ correlation: "c" })).toEqual([4]);
  expect((await readLogFiles(folder, { limit: 10, level: "warn" })).lines[0]).toMatchObject({ extra: 1 });
});

test("of a large file only the end is read, and the answer says so", async () => {
  const line = `${JSON.stringify({ level: "info", time: "2026-01-01T00:00:00Z", msg: "x".repeat(200) })}\n`;
  await writeFile(join(folder, "large.log"), line.repeat(10_000));
  const { lines, complete } = await readLogFiles(folder, { limit: 20_000, service: undefined });
  expect([lines.length > 1_000 && lines.length < 10_000, complete]).toEqual([true, false]);
});

test("without a folder, or an empty one, there is nothing", async () => {
  expect(await readLogFiles(undefined, { limit: 1 })).toEqual({ lines: [], complete: true });
  expect(await readLogFiles(join(folder, "none"), { limit: 1 })).toEqual({ lines: [], complete: true });
});
