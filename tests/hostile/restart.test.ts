import { expect, test } from "vitest";
import { startHostileSystem } from "./parts/hostile-system.ts";

test("everything killed at once: the next start rings what the files say is unfinished", async () => {
  await using hostile = await startHostileSystem({ kernels: 1 });
  await Promise.all([0, 1, 2].map((n) => hostile.hand({ session: `r-${n}`, tag: `r-${n}`, plan: "slow" })));
  await hostile.system.killAll();
  hostile.note("fault");
  await hostile.system.restart();
  expect(await hostile.settle()).toEqual([]);
});
