import { existsSync } from "node:fs";
import { join } from "node:path";
import { readHistoryRoute } from "@matrix-os/contracts/api/history";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHomeTree } from "./parts/home-tree.ts";
import { type Ran, runMatrixos, startProgram, toOwnerEnv } from "./parts/run-program.ts";
import { startHere } from "./parts/start-here.ts";

const app = "apps/habit-tracker";
let system: TestSystem;
let before: Record<string, string>;
let made: Record<string, string>;

beforeAll(async () => {
  system = await startHere();
  before = readHomeTree(system.home);
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

test("steps stream by while the app is made, and its path comes last", async () => {
  const child = startProgram("./matrixos", ["send", "make me a habit tracker"], toOwnerEnv(system));
  const chunks: string[] = [];
  child.stdout?.on("data", (part: Buffer) => chunks.push(part.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(0);
  const lines = chunks.join("").trimEnd().split("\n");
  expect(lines).toContain(`  write_file ${app}/index.html`);
  expect(lines.at(-1)).toContain(app);
  expect(chunks.length).toBeGreaterThan(2);
});

test("the app is there, whole", () => {
  made = readHomeTree(system.home);
  expect(Object.keys(made).filter((path) => !(path in before))).toContain(`${app}/app.json`);
  expect(existsSync(join(system.home, app, "index.html"))).toBe(true);
});

test("history names it as one entry", async () => {
  const ran = await matrixos("history");
  expect(ran.stdout).toContain(app);
  const { entries } = await readHistory();
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ origin: { actor: "kernel" }, state: "applied" });
});

test("undo takes it back, and the home is as before, byte for byte", async () => {
  await matrixos("undo");
  expect(readHomeTree(system.home)).toEqual(before);
});

test("redo brings the same bytes back", async () => {
  await matrixos("redo");
  expect(readHomeTree(system.home)).toEqual(made);
});

test("«make it dark» changes the app, and undo takes only that back", async () => {
  const ran = await matrixos("send", "-c", "make it dark");
  expect(ran.stdout).toContain(app);
  const dark = readHomeTree(system.home);
  const changed = Object.keys(dark).filter((path) => dark[path] !== made[path]);
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.every((path) => path.startsWith(app))).toBe(true);
  await matrixos("undo");
  expect(readHomeTree(system.home)).toEqual(made);
});

test("a second app of the same kind leaves the first as it is", async () => {
  await matrixos("send", "make me a todo board");
  const now = readHomeTree(system.home);
  expect(Object.keys(now).filter((path) => /^apps\/[^/]+$/.test(path))).toHaveLength(2);
  expect(now).toMatchObject(made);
});

test("what the rehearsal model can't do it says, and nothing changes", async () => {
  const now = readHomeTree(system.home);
  const ran = await matrixos("send", "compose a symphony in c minor for me please");
  expect(ran.stdout).toMatch(/rehearsal/i);
  expect(readHomeTree(system.home)).toEqual(now);
});

async function matrixos(...words: string[]): Promise<Ran> {
  const ran = await runMatrixos(system, ...words);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  return ran;
}

async function readHistory() {
  const response = await system.fetch(readHistoryRoute.path);
  return readHistoryRoute.reply?.parse(await response.json()) ?? { entries: [] };
}
