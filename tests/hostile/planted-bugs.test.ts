import { afterAll, beforeAll, expect, test } from "vitest";
import { type CopiedTree, copyTree } from "./parts/copied-tree.ts";
import { readPlantedBugs } from "./parts/planted-bugs.ts";

const bugs = readPlantedBugs("bugs");
let tree: CopiedTree;
let caught = 0;

beforeAll(() => {
  tree = copyTree();
});

test("without a bug every one of these tests passes", async () => {
  const files = [...new Set(bugs.map(({ file }) => file))];
  const { passed, failed, said } = await tree.run(
    files,
    bugs.map(({ test: name }) => name),
  );
  expect(failed, said).toBe(0);
  expect(passed, said).toBeGreaterThanOrEqual(new Set(bugs.map(({ file, test: name }) => `${file} ${name}`)).size);
});

test.each(bugs)("the bug «$name» is caught", async (bug) => {
  await tree.plant(bug);
  try {
    const { failed, said } = await tree.run([bug.file], [bug.test]);
    expect(failed, `${bug.test} did not notice:\n${said}`).toBeGreaterThan(0);
    caught += 1;
  } finally {
    await tree.takeOut(bug);
  }
});

test("there are ten at least", () => {
  expect(bugs.length).toBeGreaterThanOrEqual(10);
});

afterAll(() => {
  tree[Symbol.dispose]();
  process.stdout.write(`${caught} of ${bugs.length} planted bugs caught\n`);
});
