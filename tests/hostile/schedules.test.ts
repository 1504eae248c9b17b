import { afterAll, expect, test } from "vitest";
import { startHostileSystem } from "./parts/hostile-system.ts";
import { createRandom, readSeed } from "./parts/random.ts";
import { drawSchedule, playSchedule } from "./parts/schedule.ts";

const seed = readSeed();
const COUNT = Number(process.env["SCHEDULES"] ?? 60);
/** A part that is killed often is started again with growing pauses: a fresh system now and then keeps faults dense. */
const IN_ONE_SYSTEM = 6;
const batches = Array.from({ length: Math.ceil(COUNT / IN_ONE_SYSTEM) }, (_, batch) => batch);
let played = 0;

// They mostly wait: for leases, for pauses before a new start. Two at a time fill what is left of two cores.
test.concurrent.each(batches)("random kills, batch %i: every promise holds", { timeout: 240_000 }, async (batch) => {
  await using hostile = await startHostileSystem();
  for (let n = batch * IN_ONE_SYSTEM; n < Math.min(COUNT, (batch + 1) * IN_ONE_SYSTEM); n += 1) {
    await playSchedule(hostile, drawSchedule(createRandom(seed * 10_000 + n), `s${n}`));
    played += 1;
  }
  expect(await hostile.settle(), `SEED=${seed}, batch ${batch}`).toEqual([]);
});

afterAll(() => {
  process.stdout.write(`${played} kill schedules, SEED=${seed}\n`);
});
