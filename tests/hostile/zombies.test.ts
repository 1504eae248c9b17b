import { afterAll, expect, test } from "vitest";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { signal } from "@matrix-os/testkit/process-tree";
import type { AcceptedMessage } from "./oracle.ts";
import type { Plan } from "./parts/canonical-turns.ts";
import { type HostileSystem, findWorker, startHostileSystem } from "./parts/hostile-system.ts";
import { createRandom, readSeed } from "./parts/random.ts";

const seed = readSeed();
const COUNT = Number(process.env["ZOMBIES"] ?? 10);
const IN_ONE_SYSTEM = 10;
/** Longer than the lease of 6 s and the reconciler's 5 s. */
const FROZEN_MS = 12_500;
const zombiePlans: readonly Plan[] = ["slow", "slow", "change", "many", "falter"];
const batches = Array.from({ length: Math.ceil(COUNT / IN_ONE_SYSTEM) }, (_, batch) => batch);
let frozen = 0;

test.each(batches)(
  "workers frozen past their lease wake up and do no harm, batch %i",
  { timeout: 240_000 },
  async (batch) => {
    const count = Math.min(IN_ONE_SYSTEM, COUNT - batch * IN_ONE_SYSTEM);
    await using hostile = await startHostileSystem({ kernels: count + 2 });
    const random = createRandom(seed * 10_000 + batch);
    const turns = await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const tag = `z${batch}-${n}`;
        const first = await hostile.hand({ session: tag, tag, plan: random.pick(zombiePlans) });
        await hostile.hand({ session: tag, tag: `${tag}-next`, plan: "plain" });
        await delay(random.below(200));
        return first;
      }),
    );
    const pids = await freezeWorkers(hostile, turns);
    frozen += pids.length;
    await delay(FROZEN_MS);
    for (const pid of pids) {
      signal(pid, "SIGCONT");
      hostile.note("overlap");
    }
    expect(await hostile.settle(), `SEED=${seed}, batch ${batch}`).toEqual([]);
    expect(pids.length).toBeGreaterThan(0);
  },
);

/** Freezes whoever holds these turns; one worker may hold several, and one at least stays awake to go on. */
async function freezeWorkers({ system }: HostileSystem, turns: readonly AcceptedMessage[]): Promise<number[]> {
  const pids = new Set<number>();
  for (const turn of turns) {
    const pid = await eventually(() => findWorker(system, turn), { withinMs: 10_000 });
    pids.add(pid);
    signal(pid, "SIGSTOP");
  }
  return [...pids];
}

afterAll(() => {
  process.stdout.write(`${frozen} zombies, SEED=${seed}\n`);
});
