import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@matrix-os/testkit/eventually";
import { gated, text, toolUse } from "@matrix-os/testkit/messages/answers";
import type { MessagesRequest } from "@matrix-os/testkit/messages/check-request";
import { signal } from "@matrix-os/testkit/process-tree";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readQuestion, readStep } from "./parts/model-requests.ts";
import { type ProcessName, findProcesses, killProcesses } from "./parts/processes.ts";
import { readJournal, readTranscript } from "./parts/session-files.ts";
import { mode, startHere, toModelEnv, untilReady } from "./parts/start-here.ts";
import { watchSession } from "./parts/watch-session.ts";

interface Turn {
  readonly session: string;
  readonly turn: string;
}

const services: readonly ProcessName[] =
  mode === "processes" ? ["kernel", "dispatcher", "gateway", "file"] : ["core", "file"];
const FREEZE_MS = 15_000;

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model, { KERNEL: "3" }));
});

beforeEach(async () => {
  await untilReady(system);
  model.requests.length = 0;
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

test("the broker can be killed and its store deleted in the middle of a burst: all that was accepted is answered once", async () => {
  model.play(playOneWrite);
  const accepted: Turn[] = [];
  for (let n = 0; n < 40; n += 1) {
    const session = accepted[n % 5]?.session;
    // Refused is fine, lost is not.
    await system.accept(`broker ${n}`, session).then(
      (turn) => accepted.push(turn),
      () => undefined,
    );
    if (n === 10 || n === 25) {
      const [before] = findProcesses(system, "broker");
      killProcesses(system, "broker");
      rmSync(join(system.state, "broker"), { recursive: true, force: true });
      await eventually(() => findProcesses(system, "broker").some((pid) => pid !== before), { withinMs: 10_000 });
    }
  }
  expect(accepted.length).toBeGreaterThan(10);
  await expectAnsweredOnce(accepted);
});

test.each(services)(
  "%s killed in the middle of six turns is started again, and each is answered once",
  async (name) => {
    const open = Promise.withResolvers<void>();
    model.play((request) =>
      readStep(request) === 1 ? playOneWrite(request) : gated(text("Done."), () => open.promise),
    );
    const accepted = await Promise.all(Array.from({ length: 6 }, (_, n) => acceptSoon(`${name} ${n}`)));
    await eventually(() => countFinalSteps() >= 6, { withinMs: 20_000 });
    const before = findProcesses(system, name);
    killProcesses(system, name);
    open.resolve();
    const countNew = () => findProcesses(system, name).filter((pid) => !before.includes(pid)).length;
    await eventually(() => countNew() === before.length, { withinMs: 10_000 });
    await expectAnsweredOnce(accepted);
    const recordedTwice = countFirstSteps().filter((count) => count > 1);
    expect(recordedTwice).toEqual([]);
  },
);

test("a file service that is killed again and again is started with growing pauses", async () => {
  for (let n = 0; n < 3; n += 1) {
    const [before] = findProcesses(system, "file");
    killProcesses(system, "file");
    await eventually(() => findProcesses(system, "file").some((pid) => pid !== before), { withinMs: 15_000 });
  }
  const pauses = [...system.output().matchAll(/^file ended unexpectedly, starting it again in (\d+) ms$/gm)].map(
    ([, pause]) => Number(pause),
  );
  expect(pauses.length).toBeGreaterThanOrEqual(3);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(new Set(pauses).size).toBeGreaterThan(1);
  model.play([text("Up again.")]);
  await untilReady(system);
  expect((await system.send("are you up?")).answer.text).toBe("Up again.");
});

test("a worker that is frozen for 15 seconds and wakes up does no harm", async () => {
  const open = Promise.withResolvers<void>();
  model.play((request) => (readStep(request) === 1 ? playOneWrite(request) : gated(text("Done."), () => open.promise)));
  const accepted = await acceptSoon("frozen");
  await eventually(() => countFinalSteps() >= 1, { withinMs: 20_000 });
  const worker = findWorker(accepted);
  signal(worker, "SIGSTOP");
  open.resolve();
  await delay(FREEZE_MS);
  signal(worker, "SIGCONT");
  await expectAnsweredOnce([accepted]);
  await untilReady(system);
  using watcher = await watchSession(system, accepted.session);
  model.play([text("Fine.")]);
  expect((await system.send("all well?", accepted.session)).answer.text).toBe("Fine.");
  expect(watcher.events.filter(({ type, turn }) => type === "finished" && turn === accepted.turn)).toHaveLength(1);
});

function playOneWrite(request: MessagesRequest) {
  const path = `killed/${readQuestion(request).replaceAll(" ", "-")}.md`;
  return readStep(request) === 1 ? toolUse({ name: "write_file", input: { path, content: path } }) : text("Done.");
}

async function expectAnsweredOnce(accepted: readonly Turn[]): Promise<void> {
  const finished = await Promise.all(accepted.map((turn) => system.untilFinished(turn)));
  expect(finished.map(({ answer }) => answer.text)).toEqual(accepted.map(() => "Done."));
  for (const turn of accepted)
    expect(readTranscript(system, turn).map(({ role }) => role)).toEqual(["user", "assistant"]);
}

/** A part that was killed a moment ago may still refuse. */
function acceptSoon(words: string): Promise<Turn> {
  return eventually(() => system.accept(words), { withinMs: 20_000 });
}

function countFinalSteps(): number {
  return model.requests.filter(({ body }) => readStep(body) === 2).length;
}

/** How often the first step of each turn was asked: once, for it was recorded. */
function countFirstSteps(): number[] {
  const questions = model.requests.filter(({ body }) => readStep(body) === 1).map(({ body }) => readQuestion(body));
  return [...new Set(questions)].map((question) => questions.filter((each) => each === question).length);
}

/** The process that holds a turn, as its journal names it. */
function findWorker(turn: Turn): number {
  const fence = readJournal(system, turn).findLast(({ kind }) => kind === "fence");
  const pid = Number(fence?.kind === "fence" ? fence.owner.split(".").at(-2) : Number.NaN);
  if (!system.pids().includes(pid)) throw new Error(`no such worker: ${JSON.stringify(fence)}`);
  return pid;
}
