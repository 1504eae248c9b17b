import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { plans } from "../parts/canonical-turns.ts";
import { type HostileSystem, startHostileSystem } from "../parts/hostile-system.ts";
import { createRandom, readSeed } from "../parts/random.ts";
import { type Victim, findVictims, victims } from "../parts/victims.ts";

const seed = readSeed();
const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 10);
const KILL_EACH_MS = 10_000;
const MESSAGE_EACH_MS = 400;
const SESSIONS = 20;
/** These live through the whole part, so that what they use can be compared. */
const spared: readonly Victim[] = ["file", "gateway"];
const MAX_GROWTH_MB = 60;
const MAX_MORE_HANDLES = 30;

interface Sample {
  readonly megabytes: number;
  readonly handles: number;
}

test("a kill each ten seconds, for long: every promise holds, and what lives on does not grow", async () => {
  await using hostile = await startHostileSystem();
  const random = createRandom(seed);
  const until = performance.now() + MINUTES * 60_000;
  const samples: Sample[] = [];
  const killing = killNowAndThen(hostile, until, samples);
  for (let n = 0; performance.now() < until; n += 1) {
    const session = `soak-${random.below(SESSIONS)}`;
    await Promise.all([delay(MESSAGE_EACH_MS), hostile.hand({ session, tag: `soak-${n}`, plan: random.pick(plans) })]);
  }
  await killing;
  expect(await hostile.settle(), `SEED=${seed}`).toEqual([]);
  const [early, late] = [samples.slice(0, samples.length / 2), samples.slice(samples.length / 2)].map(toMiddle);
  process.stdout.write(`${JSON.stringify({ seed, minutes: MINUTES, kills: samples.length, early, late })}\n`);
  expect((late?.megabytes ?? Infinity) - (early?.megabytes ?? 0)).toBeLessThan(MAX_GROWTH_MB);
  expect((late?.handles ?? Infinity) - (early?.handles ?? 0)).toBeLessThan(MAX_MORE_HANDLES);
});

async function killNowAndThen(hostile: HostileSystem, until: number, samples: Sample[]): Promise<void> {
  const random = createRandom(seed + 1);
  while (performance.now() < until) {
    await delay(KILL_EACH_MS);
    await hostile.harm({ do: "kill", victim: random.pick(victims.filter((victim) => !spared.includes(victim))) });
    samples.push(measure(hostile));
  }
}

function measure({ system }: HostileSystem): Sample {
  const pids = spared.flatMap((victim) => findVictims(system, victim));
  return {
    megabytes: sum(
      pids.map((pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024),
    ),
    handles: sum(pids.map((pid) => readdirSync(`/proc/${pid}/fd`).length)),
  };
}

function toMiddle(samples: readonly Sample[]): Sample {
  const middle = (numbers: readonly number[]): number =>
    numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
  return {
    megabytes: Math.round(middle(samples.map(({ megabytes }) => megabytes))),
    handles: middle(samples.map(({ handles }) => handles)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
