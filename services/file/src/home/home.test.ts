import { expect, it } from "vitest";
import { ChangeEvents } from "./change-events.ts";
import { MutationQueue } from "./mutation-queue.ts";
import { QuietTime } from "./quiet-time.ts";
import { Transfers } from "./transfers.ts";

const change = (seq: number) => ({
  seq,
  change: `c_${seq}`,
  at: "2026-11-24T12:00:00.000Z",
  origin: { actor: "o" },
  paths: [],
  pathCount: 0,
});

it("the queue runs changes one at a time and refuses the 1,001st, but never its own duties", async () => {
  const queue = new MutationQueue();
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  };
  const all = Array.from({ length: 1_000 }, () => queue.run(work));
  await expect(queue.run(work)).rejects.toMatchObject({ code: "busy" });
  await queue.runAnyway(work);
  await Promise.all(all);
  expect([most, queue.length]).toEqual([1, 0]);
  await expect(queue.run(() => Promise.reject(new Error("x")))).rejects.toThrow("x");
  await queue.settled();
});

it("events come in order; past 1,000 waiting the oldest are dropped", async () => {
  const told: number[] = [];
  const problems: string[] = [];
  const events = new ChangeEvents(
    {
      publish: async (_contract, _key, body) => {
        const { seq } = body as unknown as { seq: number };
        if (seq === 1) throw new Error("down");
        told.push(seq);
      },
    },
    (summary) => problems.push(summary),
  );
  for (let seq = 1; seq <= 1_500; seq += 1) events.tell(change(seq));
  await events[Symbol.asyncDispose]();
  expect(problems.length).toBe(1);
  expect([told.length, told.at(-1)]).toEqual([1_000, 1_500]);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

it("duties run when it is quiet, and a failing one is a problem, not an end", async () => {
  const problems: unknown[] = [];
  let runs = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const quiet = new QuietTime(
    1,
    async () => {
      runs += 1;
      if (runs === 1) throw new Error("x");
      resolve();
    },
    (_summary, cause) => problems.push(cause),
  );
  await quiet.now();
  quiet.disturb();
  quiet.disturb();
  await promise;
  quiet[Symbol.dispose]();
  expect([runs, problems.length]).toEqual([2, 1]);
});

it("streams are bounded, and stop with the service", async () => {
  const problems: string[] = [];
  const transfers = new Transfers((summary) => problems.push(summary));
  for (let at = 0; at < 32; at += 1) {
    transfers.start(
      () =>
        new Promise((_resolve, reject) =>
          transfers.signal.addEventListener("abort", () => reject(new Error("stopped"))),
        ),
    );
  }
  expect(() => transfers.refuseIfFull()).toThrow(/too many/);
  await transfers[Symbol.asyncDispose]();
  expect(problems.length).toBe(32);
  transfers.refuseIfFull();
});
