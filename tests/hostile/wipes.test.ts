import { afterAll, expect, test } from "vitest";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { plans } from "./parts/canonical-turns.ts";
import { startHostileSystem } from "./parts/hostile-system.ts";
import { createRandom, readSeed } from "./parts/random.ts";
import { findVictims } from "./parts/victims.ts";

const seed = readSeed();
const COUNT = Number(process.env["WIPES"] ?? 20);
const IN_ONE_SYSTEM = 5;
const MESSAGES = 6;
const MAX_PAUSE_MS = 400;
const batches = Array.from({ length: Math.ceil(COUNT / IN_ONE_SYSTEM) }, (_, batch) => batch);
let wiped = 0;

test.concurrent.each(batches)(
  "the broker's store is deleted in the middle of work, batch %i: nothing accepted is lost",
  { timeout: 240_000 },
  async (batch) => {
    await using hostile = await startHostileSystem();
    const random = createRandom(seed * 10_000 + batch);
    for (let n = 0; n < Math.min(IN_ONE_SYSTEM, COUNT - batch * IN_ONE_SYSTEM); n += 1) {
      const names = Array.from({ length: MESSAGES }, (_, at) => `w${batch}-${n}-${at}`);
      const handing = names.map(async (tag) => {
        await delay(random.below(MAX_PAUSE_MS));
        await hostile.hand({ session: `w${batch}-${n}-${random.below(3)}`, tag, plan: random.pick(plans) });
      });
      await delay(random.below(MAX_PAUSE_MS));
      await hostile.harm({ do: "wipe" });
      wiped += 1;
      await Promise.all(handing);
      await eventually(() => findVictims(hostile.system, "broker").length === 1, { withinMs: 15_000 });
    }
    expect(await hostile.settle(), `SEED=${seed}, batch ${batch}`).toEqual([]);
  },
);

afterAll(() => {
  process.stdout.write(`${wiped} broker stores wiped, SEED=${seed}\n`);
});
