import { afterAll, beforeAll, expect, test } from "vitest";
import { ONE_THREAD } from "./parts/file-calls.ts";
import { type HostileSystem, startHostileSystem } from "./parts/hostile-system.ts";
import { type KillPoint, killAtPoint, listKillPoints } from "./parts/kill-points.ts";
import { createRandom, readSeed } from "./parts/random.ts";
import { victims } from "./parts/victims.ts";

const seed = readSeed();
const SAMPLE = Number(process.env["POINTS"] ?? 22);
const FROM = Number(process.env["POINTS_FROM"] ?? 0);
const LANES = 2;
/** A part that is killed often is started again with growing pauses. */
const IN_ONE_SYSTEM = 8;
let points: KillPoint[] = [];
let reached = 0;
let tried = 0;

beforeAll(async () => {
  await using hostile = await startHostileSystem({ kernels: 1, env: ONE_THREAD });
  points = await listKillPoints(hostile);
}, 120_000);

test("the six canonical turns have at least 200 points at which a part can be killed", () => {
  const ofOneVictim = points.filter(({ victim }) => victim === "file");
  expect(ofOneVictim.length).toBeGreaterThanOrEqual(200);
  expect(points.length).toBe(ofOneVictim.length * victims.length);
});

/** Points that a promise was once broken at, each a bug that was repaired. */
const once: readonly { readonly what: string; readonly find: (point: KillPoint) => boolean }[] = [
  {
    what: "a worker killed when its turn has ended and before it said so: the watcher heard nothing",
    find: ({ victim, plan, thread, call, about }) =>
      victim === "kernel" &&
      plan === "plain" &&
      thread === "main" &&
      call === "unlink" &&
      /open\/KEY|^KEY|fd/.test(about),
  },
];

test.each(once)("$what", { timeout: 90_000 }, async ({ find }) => {
  const point = points.findLast(find);
  if (point === undefined) throw new Error("no such point any more");
  await using hostile = await startHostileSystem({ kernels: 2, env: ONE_THREAD });
  await strike(hostile, point, "once");
});

test.concurrent.each(Array.from({ length: LANES }, (_, lane) => lane))(
  "a part killed at any of these points breaks no promise, lane %i",
  { timeout: 60_000 + SAMPLE * 15_000 },
  async (lane) => {
    const chosen = chooseFairly().filter((_, n) => n % LANES === lane);
    for (let first = 0; first < chosen.length; first += IN_ONE_SYSTEM) {
      await using hostile = await startHostileSystem({ kernels: 2, env: ONE_THREAD });
      for (const [n, point] of chosen.slice(first, first + IN_ONE_SYSTEM).entries())
        await strike(hostile, point, `p${lane}-${first + n}`);
    }
  },
);

test("the sampled points are reached", () => {
  expect(reached / tried).toBeGreaterThan(0.7);
});

afterAll(() => {
  process.stdout.write(`killed at ${reached} of ${tried} points, of ${points.length} in all, SEED=${seed}\n`);
});

async function strike(hostile: HostileSystem, point: KillPoint, name: string): Promise<void> {
  tried += 1;
  if (await killAtPoint(hostile, point, name)) reached += 1;
  const { plan, victim, thread, call, nth, about } = point;
  const what = `${victim} killed at ${call} ${nth} (${thread}, ${about}) of «${plan}», SEED=${seed}`;
  expect(await hostile.settle(), what).toEqual([]);
}

/** As many of each victim; all of them when the sample is that large. */
function chooseFairly(): KillPoint[] {
  const random = createRandom(seed);
  const piles = victims.map((victim) => {
    const own = points.filter((point) => point.victim === victim);
    return random.sample(own, own.length);
  });
  const most = Math.max(...piles.map(({ length }) => length));
  return Array.from({ length: most }, (_, n) => piles.flatMap((pile) => pile[n] ?? []))
    .flat()
    .slice(FROM, FROM + SAMPLE);
}
