import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { gated, text } from "@matrix-os/testkit/messages/answers";
import { signal } from "@matrix-os/testkit/process-tree";
import { startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import { type TestSystem, startSystem } from "@matrix-os/testkit/start-system";
import { type BenchFolders, makeFolders } from "./bench-system.ts";
import { median, printFigure } from "./figure.ts";

const ROUNDS = 3;
const FINISHED = 10_000;
const OPEN = 100;
const never = new Promise<void>(() => undefined);

/** How long a turn stands still when its worker dies or freezes, and how long a start with much history takes. */
export async function measureRecovery(): Promise<void> {
  const killed = await measureLoss("SIGKILL");
  printFigure({ figure: "worker killed, its turn goes on", unit: "ms", value: killed, must: 6_500, better: "less" });
  const frozen = await measureLoss("SIGSTOP");
  printFigure({ figure: "worker frozen, its turn goes on", unit: "ms", value: frozen, must: 18_000, better: "less" });
  await measureRestart();
}

/** From the signal until another worker asks the model; the lease has just been renewed in the worst round. */
async function measureLoss(how: "SIGKILL" | "SIGSTOP"): Promise<number> {
  await using model = await startMessagesServer();
  const env = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "key", KERNEL: "3" };
  await using system = await startSystem({ env, split: "processes" });
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    model.requests.length = 0;
    model.play((_request, n) => (n === 0 ? gated(text("later"), () => never) : text("done")));
    const accepted = await system.accept(`round ${round}`);
    await model.untilAsked(1);
    await delay(700 * round);
    const worker = findWorker(system, accepted);
    const lostAt = performance.now();
    signal(worker, how);
    await eventually(() => model.requests.length >= 2, { withinMs: 30_000 });
    samples.push(performance.now() - lostAt);
    if (how === "SIGSTOP") signal(worker, "SIGCONT");
    await system.untilFinished(accepted);
  }
  return Math.max(...samples);
}

/** A home with 10,000 finished and 100 open turns: ready, and every open turn at the model. */
async function measureRestart(): Promise<void> {
  using folders = makeFolders();
  await using model = await startMessagesServer([text("done")]);
  const env = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "key" };
  const places = { home: folders.home, state: folders.state };
  {
    await using first = await startSystem({ ...places, env });
    await first.send("hello");
  }
  fill(folders);
  model.requests.length = 0;
  const samples: number[] = [];
  const startedAt = performance.now();
  await using _system = await startSystem({ ...places, env });
  const readyAfterMs = performance.now() - startedAt;
  await eventually(() => model.requests.length >= OPEN, { withinMs: 60_000 });
  samples.push(performance.now() - startedAt);
  printFigure({
    figure: "start with 10,000 finished and 100 open turns, to ready",
    unit: "ms",
    value: readyAfterMs,
    must: 3_000,
    better: "less",
  });
  printFigure({
    figure: "the same, until each open turn is at the model",
    unit: "ms",
    value: median(samples),
    better: "less",
  });
}

function fill({ home }: BenchFolders): void {
  const at = new Date().toISOString();
  const day = join(home, "system", "inbox", at.slice(0, 10));
  mkdirSync(day, { recursive: true });
  for (let n = 0; n < FINISHED + OPEN; n += 1) {
    const key = randomUUID().replaceAll("-", "").repeat(2);
    const session = n < FINISHED ? `old-${n % 500}` : `open-${n}`;
    const replyTo = { channel: "web", account: "owner", chat: session };
    const message = JSON.stringify({
      key,
      session,
      arrival: n + 10,
      at,
      text: `question ${n}`,
      sender: "owner",
      replyTo,
    });
    writeFileSync(join(day, `${key}.json`), message);
    if (n < FINISHED) writeFinished(join(home, "system", "sessions", session), { turn: key, arrival: n + 10, at });
    else writeFileSync(join(home, "system", "open", key), message);
  }
}

function writeFinished(folder: string, { turn, arrival, at }: { turn: string; arrival: number; at: string }): void {
  mkdirSync(join(folder, "turns"), { recursive: true });
  const entries = ["user", "assistant"].map((role) =>
    JSON.stringify({ id: `${turn}.${role}`, turn, arrival, role, text: role, at, steps: [] }),
  );
  writeFileSync(join(folder, "transcript.jsonl"), `${entries.join("\n")}\n`, { flag: "a" });
  const fence = { n: 1, at, epoch: 1, prev: "", record: { kind: "fence", epoch: 1, owner: "kernel" } };
  writeFileSync(join(folder, "turns", `${turn}.jsonl`), `${JSON.stringify(fence)}\n`);
}

function findWorker(system: TestSystem, { session, turn }: { session: string; turn: string }): number {
  const path = join(system.home, "system", "sessions", session, "turns", `${turn}.jsonl`);
  const owner = [...readFileSync(path, "utf8").matchAll(/"owner":"([^"]+)"/g)].at(-1)?.[1] ?? "";
  return Number(owner.split(".").at(-2));
}
