import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CopiedTree, copyTree } from "./parts/copied-tree.ts";
import { readPlantedBugs } from "./parts/planted-bugs.ts";

const guards = readPlantedBugs("guards");
/** As many as tests run at once (`maxConcurrency`): each run has a copy to itself. */
const COPIES = 2;
const copies: CopiedTree[] = [];
const free: CopiedTree[] = [];
let caught = 0;

beforeAll(() => {
  for (let n = 0; n < COPIES; n += 1) copies.push(copyTree());
  free.push(...copies);
});

afterAll(() => {
  for (const copy of copies) copy[Symbol.dispose]();
  process.stdout.write(`${caught} of ${guards.length} removed guards caught\n`);
});

async function inCopy(use: (copy: CopiedTree) => Promise<void>): Promise<void> {
  const copy = free.pop();
  if (copy === undefined) throw new Error(`more than ${COPIES} tests run at once`);
  try {
    await use(copy);
  } finally {
    free.push(copy);
  }
}

describe.concurrent("a guard that is taken away", () => {
  test("is there: every one of these tests passes", () =>
    inCopy(async (copy) => {
      const files = [...new Set(guards.map(({ file }) => file))];
      const names = guards.map(({ test: name }) => name);
      const first = await copy.run(files, names);
      // Another copy keeps the machine busy meanwhile: a test that is in a hurry gets a second try.
      const isWhole = first.failed === 0 && first.passed >= guards.length;
      const { passed, failed, said } = isWhole ? first : await copy.run(files, names);
      if (!isWhole) process.stdout.write(`the first try:\n${first.said}\n`);
      expect(failed, said).toBe(0);
      expect(passed, said).toBeGreaterThanOrEqual(guards.length);
    }));

  test.each(guards)("is missed: $name", (guard) =>
    inCopy(async (copy) => {
      await copy.plant(guard);
      try {
        const { failed, said } = await copy.run([guard.file], [guard.test]);
        expect(failed, `${guard.test} did not notice:\n${said}`).toBeGreaterThan(0);
        caught += 1;
      } finally {
        await copy.takeOut(guard);
      }
    }),
  );
});

test("there are twenty at least, each with a test of its own", () => {
  expect(guards.length).toBeGreaterThanOrEqual(20);
  expect(new Set(guards.map(({ file, test: name }) => `${file} ${name}`)).size).toBe(guards.length);
});
