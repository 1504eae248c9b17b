import { setTimeout as delay } from "node:timers/promises";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { eventually } from "@matrix-os/testkit/eventually";
import { type TestSystem, startSystem } from "@matrix-os/testkit/start-system";
import { expect, test } from "vitest";
import { type Follower, followSession } from "../parts/follow-session.ts";
import { startInstantModel } from "../parts/instant-model.ts";
import { readHistory } from "../parts/read-history.ts";

const MESSAGES = 10_000;
const SESSIONS = 50;
const OVER_MS = 30_000;
/** Connections of each session, as a browser holds a few: a message waits for its turn on one of them. */
const LINES_EACH = 2;
/** Messages of one session that may wait; only beyond it a 429 is right. */
const MAX_PENDING = 100;
const ANSWERED_WITHIN_MS = 1_200_000;

interface Crowd {
  readonly accepted: { readonly session: string; readonly turn: string }[];
  readonly latencies: number[];
  /** Refusals, each with how many messages of its session waited as far as this client knew. */
  readonly refused: { readonly status: number; readonly pending: number }[];
  readonly pending: Map<string, number>;
}

test("ten thousand messages in thirty seconds: what is accepted is answered, what is not is told so", async () => {
  await using model = await startInstantModel();
  await using system = await startSystem({ env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "key" } });
  const names = Array.from({ length: SESSIONS }, (_, n) => `burst-${n}`);
  const followers = new Map(names.map((name) => [name, followSession(system, name)]));
  const crowd: Crowd = { accepted: [], latencies: [], refused: [], pending: new Map() };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: SESSIONS * LINES_EACH }, async (_, line) => {
      for (let n = line; n < MESSAGES; n += SESSIONS * LINES_EACH) {
        const dueMs = startedAt + (n * OVER_MS) / MESSAGES - performance.now();
        if (dueMs > 0) await delay(dueMs);
        await hand(system, crowd, { name: names[n % SESSIONS] ?? "", n, followers });
      }
    }),
  );
  const handedMs = performance.now() - startedAt;
  await eventually(() => countFinished(followers) >= crowd.accepted.length, { withinMs: ANSWERED_WITHIN_MS });
  const figures = toFigures(crowd, handedMs, performance.now() - startedAt);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(crowd.refused.filter(({ status, pending }) => status !== 429 || pending < MAX_PENDING)).toEqual([]);
  expect(crowd.accepted.length).toBeGreaterThanOrEqual(5_000);
  expectEachAnsweredOnce(system, crowd);
  expect(figures.acceptP99Ms).toBeLessThan(500);
  for (const follower of followers.values()) follower[Symbol.dispose]();
});

async function hand(
  system: TestSystem,
  crowd: Crowd,
  at: { readonly name: string; readonly n: number; readonly followers: ReadonlyMap<string, Follower> },
): Promise<void> {
  const { name, n, followers } = at;
  crowd.pending.set(name, (crowd.pending.get(name) ?? 0) + 1);
  const body = JSON.stringify({ session: name, text: `#${name}-${n} plain`, idempotencyKey: `${name}-${n}` });
  const sentAt = performance.now();
  const init = { method: "POST", body, headers: { "content-type": "application/json" } };
  const response = await system.fetch(sendMessageRoute.path, init);
  crowd.latencies.push(performance.now() - sentAt);
  const answer: unknown = await response.json();
  if (response.status === 202) {
    crowd.accepted.push({ session: name, turn: sendMessageRoute.reply?.parse(answer).message ?? "" });
    return;
  }
  const waiting = (crowd.pending.get(name) ?? 0) - (followers.get(name)?.countFinished() ?? 0);
  crowd.refused.push({ status: response.status, pending: waiting });
  crowd.pending.set(name, (crowd.pending.get(name) ?? 0) - 1);
}

function countFinished(followers: ReadonlyMap<string, Follower>): number {
  return [...followers.values()].reduce((sum, follower) => sum + follower.countFinished(), 0);
}

function toFigures({ accepted, refused, latencies }: Crowd, handedMs: number, totalMs: number) {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    accepted: accepted.length,
    refused: refused.length,
    acceptP50Ms: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    acceptP99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    handedInMs: Math.round(handedMs),
    answeredInMs: Math.round(totalMs),
  };
}

function expectEachAnsweredOnce(system: TestSystem, { accepted }: Crowd): void {
  const { transcripts, open } = readHistory(system.home);
  const answers = [...transcripts.values()]
    .flat()
    .filter(({ role }) => role === "assistant")
    .map(({ turn }) => turn);
  expect(open).toEqual([]);
  expect(answers.length).toBe(accepted.length);
  expect(new Set(answers)).toEqual(new Set(accepted.map(({ turn }) => turn)));
}
