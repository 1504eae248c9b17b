import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { expect, test } from "vitest";
import { openProgress } from "./progress.ts";
import { suites } from "./suites.ts";

test("finished parts are remembered for their seed, and the last seed goes on", () => {
  using folder = tempFolder("progress");
  const first = openProgress(folder.path, undefined, 7);
  expect([first.seed, first.isDone("wipes 1")]).toEqual([7, false]);
  first.finish("wipes 1");
  first.finish("wipes 2");
  const again = openProgress(folder.path, undefined, 8);
  expect([again.seed, again.isDone("wipes 1"), again.isDone("wipes 3")]).toEqual([7, true, false]);
  const other = openProgress(folder.path, 9, 8);
  expect([other.seed, other.isDone("wipes 1")]).toEqual([9, false]);
  expect(openProgress(folder.path, undefined, 1).seed).toBe(9);
});

test("the suites play a thousand schedules, three hundred wipes and three hundred zombies", () => {
  const count = (name: string, setting: string): number => {
    const suite = suites[name];
    return (suite?.parts ?? 0) * Number(suite?.environment(0)[setting]);
  };
  expect([count("schedules", "SCHEDULES"), count("wipes", "WIPES"), count("zombies", "ZOMBIES")]).toEqual([
    1_000, 300, 300,
  ]);
  expect(count("soak", "SOAK_MINUTES")).toBe(30);
});
