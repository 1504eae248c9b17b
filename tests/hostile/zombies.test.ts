import { afterAll, expect, test } from "vitest";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { signal } from "@matrix-os/testkit/process-tree";
import type { Plan } from "./parts/canonical-turns.ts";
import { findWorker, startHostileSystem } from "./parts/hostile-system.ts";
import { createRandom, readSeed } from "./parts/random.ts";

const seed = readSeed();
const COUNT = Number(process.env["ZOMBIES"] ?? 10);
const IN_ONE_SYSTEM = 10;
/** Longer than the lease of 6 s and the reconciler's 5 s. */
const FROZEN_MS = 12_500;
const zombiePlans: readonly Plan[] = ["slow", "slow", "slow", "falter"];
const MAX_PAUSE_MS = 200;
const batches = Array.from({ length: Math.ceil(COUNT / IN_ONE_SYSTEM) }, (_, batch) => batch);
let frozen = 0;

test.each(batches)(
  "workers frozen past their lease wake up and do no harm, batch %i",
  { timeout: 240_000 },
  async (batch) => {
    const count = Math.min(IN_ONE_SYSTEM, COUNT - batch * IN_ONE_SYSTEM);
    // Each worker has one slot, so that each turn has a worker of its own; two stay awake to go on.
    await using hostile = await startHostileSystem({ kernels: count + 2, env: { MATRIX_KERNEL_SLOTS: "1" } });
    const random = createRandom(seed * 10_000 + batch);
    const pids = new Set<number>();
    await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const tag = `z${batch}-${n}`;
        const turn = await hostile.hand({ session: tag, tag, plan: random.pick(zombiePlans) });
        const pid = await eventually(() => findWorker(hostile.system, turn), { withinMs: 20_000 });
        await delay(random.below(MAX_PAUSE_MS));
        signal(pid, "SIGSTOP");
        pids.add(pid);
      }),
    );
    frozen += pids.size;
    await delay(FROZEN_MS);
    for (const pid of pids) {
      signal(pid, "SIGCONT");
      hostile.note("overlap");
    }
    await Promise.all(
      Array.from({ length: count }, (_, n) =>
        hostile.hand({ session: `z${batch}-${n}`, tag: `z${batch}-${n}-next`, plan: "plain" }),
      ),
    );
    expect(await hostile.settle(), `SEED=${seed}, batch ${batch}`).toEqual([]);
    expect(pids.size).toBeGreaterThan(count / 2);
  },
);

afterAll(() => {
  process.stdout.write(`${frozen} zombies, SEED=${seed}\n`);
});
