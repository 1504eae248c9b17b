import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import { startSystem } from "@matrix-os/testkit/start-system";
import { type TempFolder, tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AcceptedMessage, type History, judge } from "../oracle.ts";
import { type Plan, createScript, readAsked } from "../parts/canonical-turns.ts";
import { type DiskCall, DiskModel, variants } from "../parts/disk-model.ts";
import { ONE_THREAD } from "../parts/file-calls.ts";
import { startHostileSystem } from "../parts/hostile-system.ts";
import { createRandom, readSeed } from "../parts/random.ts";
import { readHistory } from "../parts/read-history.ts";
import { recordCalls } from "../parts/record-calls.ts";
import { untilAlive } from "../parts/victims.ts";

const seed = readSeed();
const plan = (process.env["PLAN"] ?? "plain") as Plan;
const SETTLED_WITHIN_MS = 30_000;
let folder: TempFolder;
let recorded: { readonly calls: readonly DiskCall[]; readonly told: History; readonly acceptedAtMs: number };
let started = 0;

beforeAll(async () => {
  folder = tempFolder("power");
  recorded = await recordTurn(join(folder.path, "before"));
});
afterAll(() => {
  folder[Symbol.dispose]();
  process.stdout.write(`«${plan}»: ${started} different disks after ${recorded.calls.length} calls, SEED=${seed}\n`);
});

test.each(variants)("the power fails after each call of a turn and spares %s: no word is broken", async (variant) => {
  const seen = new Set<string>();
  const problems: string[] = [];
  const model = new DiskModel(join(folder.path, "before"));
  for (const [n, call] of recorded.calls.entries()) {
    model.play(call);
    using disk = tempFolder("disk");
    const hash = model.build(join(disk.path, "home"), variant, createRandom(seed + n));
    const isPromised = call.atMs >= recorded.acceptedAtMs;
    if (seen.has(`${hash} ${isPromised}`)) continue;
    seen.add(`${hash} ${isPromised}`);
    started += 1;
    for (const problem of await startOn(join(disk.path, "home"), call.atMs))
      problems.push(`after call ${n + 1} (${call.do} ${call.path}): ${problem}`);
  }
  expect(problems, `SEED=${seed}`).toEqual([]);
});

/** Plays one turn on a system that has been quiet, and keeps the home as it was before. */
async function recordTurn(before: string): Promise<typeof recorded> {
  await using hostile = await startHostileSystem({ kernels: 1, env: ONE_THREAD });
  await hostile.hand({ session: "earlier", tag: "earlier", plan: "change" });
  await hostile.settle();
  await delay(1_000);
  cpSync(hostile.system.home, before, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith("/lock"),
  });
  const pid = await untilAlive(hostile.system, "file");
  let acceptedAtMs = 0;
  const calls = await recordCalls(pid, hostile.system.home, async () => {
    await hostile.hand({ session: "power", tag: "power", plan });
    acceptedAtMs = performance.timeOrigin + performance.now();
    await hostile.settle();
    await delay(200);
  });
  return { calls, told: hostile.readHistory(), acceptedAtMs };
}

/** Starts the system on what a power cut left; answers what the oracle finds. What was promised before must hold. */
async function startOn(home: string, cutAtMs: number): Promise<string[]> {
  await using model = await startMessagesServer(createScript());
  await using _system = await startSystem({ home, env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "key" } });
  const isPromised = cutAtMs >= recorded.acceptedAtMs;
  const accepted = recorded.told.accepted.filter(({ session }) => session === "earlier" || isPromised);
  const startedAt = performance.now();
  await eventually(() => isAnswered(home, accepted), { withinMs: SETTLED_WITHIN_MS }).catch(() => undefined);
  const kept = readHistory(home);
  const turns = new Map(kept.inbox.map(({ turn, text }) => [/#([\w-]+)/.exec(text)?.[1] ?? "", turn]));
  const calls = model.requests.map(({ body, at }) => {
    const { tag, step } = readAsked(body);
    return { turn: turns.get(tag) ?? tag, step, atMs: performance.timeOrigin + at };
  });
  return judge({
    ...kept,
    accepted,
    calls: [...recorded.told.calls.filter(({ atMs }) => atMs <= cutAtMs), ...calls],
    watched: new Map(),
    faults: 1,
    overlaps: 0,
    recoveredAfterMs: performance.now() - startedAt,
  });
}

function isAnswered(home: string, accepted: readonly AcceptedMessage[]): boolean {
  const { open, transcripts } = readHistory(home);
  const has = ({ session, turn }: AcceptedMessage): boolean =>
    (transcripts.get(session) ?? []).filter((entry) => entry.turn === turn).length >= 2;
  return open.length === 0 && accepted.every(has);
}
