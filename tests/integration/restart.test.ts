import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readHistoryRoute } from "@matrix-os/contracts/api/history";
import { listSessionsRoute, readSessionRoute } from "@matrix-os/contracts/api/session";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import { type ScriptedAnswer, gated, text, toolUse } from "@matrix-os/testkit/messages/answers";
import type { MessagesRequest } from "@matrix-os/testkit/messages/check-request";
import { isAlive, signal } from "@matrix-os/testkit/process-tree";
import { startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { eventually } from "@matrix-os/testkit/eventually";
import { expect, test } from "vitest";
import { readHomeTree } from "./parts/home-tree.ts";
import { readQuestion, readStep } from "./parts/model-requests.ts";
import { runStart } from "./parts/run-program.ts";
import { readJournal, readTranscript } from "./parts/session-files.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";
import { type Watcher, watchSession } from "./parts/watch-session.ts";

test("a stop within 10 seconds leaves no process, and the next start has everything as it was", async () => {
  await using system = await startHere();
  const first = await system.send("make me a habit tracker");
  await system.send("echo still here?", first.session);
  const before = await readEverything(system, first.session);
  const pids = system.pids();
  const askedAt = performance.now();
  await system.stop();
  expect(performance.now() - askedAt).toBeLessThan(10_000);
  expect(pids.length).toBeGreaterThan(3);
  expect(pids.filter(isAlive)).toEqual([]);
  await system.restart();
  expect(await readEverything(system, first.session)).toEqual(before);
  const { answer } = await system.send("echo and on it goes", first.session);
  expect(answer).toMatchObject({ status: "done", text: "and on it goes" });
});

test("a turn that waits for the model does not hold up a stop, and goes on after the next start", async () => {
  await using model = await startMessagesServer([gated(text("Half", " done."), (piece) => (piece === 0 ? go : never))]);
  await using system = await startHere(toModelEnv(model));
  const accepted = await system.accept("take your time");
  using watcher = await watchSession(system, accepted.session);
  await watcher.untilText((seen) => seen === "Half");
  const askedAt = performance.now();
  await system.stop();
  expect(performance.now() - askedAt).toBeLessThan(10_000);
  model.play([text("All done.")]);
  await system.restart();
  const { answer } = await system.untilFinished(accepted);
  expect(answer).toMatchObject({ status: "done", text: "All done." });
  expect(readTranscript(system, accepted)).toHaveLength(2);
});

test("an ended turn whose marker came back in a crash is completed, and holds nothing up", async () => {
  await using system = await startHere();
  const first = await system.send("echo once");
  const turn = { session: first.session, turn: first.turn };
  await system.stop();
  const transcript = join(system.home, "system", "sessions", first.session, "transcript.jsonl");
  const marker = join(system.home, "system", "open", first.turn);
  copyFileSync(findInboxFile(system, first.turn), marker);
  writeFileSync(transcript, "");
  await system.restart();
  const { answer } = await system.send("echo twice", first.session);
  expect(answer).toMatchObject({ status: "done", text: "twice" });
  await eventually(() => !existsSync(marker), { withinMs: 10_000 });
  expect(readTranscript(system, turn).map(({ text: kept }) => kept)).toEqual(["echo once", "once"]);
  expect(readJournal(system, turn).filter(({ kind }) => kind === "end")).toHaveLength(1);
});

function findInboxFile(system: TestSystem, key: string): string {
  const inbox = join(system.home, "system", "inbox");
  const found = readdirSync(inbox, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(`${key}.json`));
  return join(inbox, found ?? "missing");
}

interface KillPoint {
  readonly when: string;
  readonly reached: (watcher: Watcher) => Promise<unknown>;
  /** What the model does in its last step until the system is killed. */
  readonly last: ScriptedAnswer;
}

const go = Promise.resolve();
const never = new Promise<void>(() => undefined);
const said = text("Both are written.");

const points: KillPoint[] = [
  { when: "as it begins", reached: (watcher) => watcher.until(({ type }) => type === "message"), last: said },
  { when: "after the first intent", reached: (watcher) => watcher.until(isStep("a.md", "running")), last: said },
  { when: "between two tool calls", reached: (watcher) => watcher.until(isStep("a.md", "done")), last: said },
  { when: "after the second intent", reached: (watcher) => watcher.until(isStep("b.md", "running")), last: said },
  { when: "after the last result", reached: (watcher) => watcher.until(isStep("b.md", "done")), last: said },
  {
    when: "while the model streams",
    reached: (watcher) => watcher.untilText((seen) => seen.includes("Both")),
    last: gated(text("Both", " are written."), (piece) => (piece === 0 ? go : never)),
  },
  { when: "as it ends", reached: (watcher) => watcher.until(({ type }) => type === "finished"), last: said },
];

test("killed at any point of a turn, all at once, the next start finishes it exactly once", async () => {
  await using model = await startMessagesServer();
  await using system = await startHere(toModelEnv(model));
  for (const [number, point] of points.entries()) {
    const folder = `point-${number}`;
    model.requests.length = 0;
    model.play((request) => playTwoWrites(request, folder, point.last));
    const accepted = await system.accept(`write two files into ${folder}`);
    using watcher = await watchSession(system, accepted.session);
    await point.reached(watcher);
    await system.killAll();
    const recorded = readJournal(system, accepted).filter(({ kind }) => kind === "model.response").length;
    model.play((request) => playTwoWrites(request, folder, said));
    await system.restart();
    const { answer } = await system.untilFinished(accepted);
    expect.soft(answer, point.when).toMatchObject({ status: "done", text: "Both are written." });
    const entries = readTranscript(system, accepted).map(({ role }) => role);
    expect.soft(entries, point.when).toEqual(["user", "assistant"]);
    const asked = model.requests.map(({ body }) => readStep(body)).filter((step) => step <= recorded);
    expect.soft(asked, `recorded steps asked again: ${point.when}`).toEqual([1, 2, 3].slice(0, recorded));
    for (const name of ["a.md", "b.md"])
      expect.soft(readFileSync(join(system.home, folder, name), "utf8"), point.when).toBe(`${name} of ${folder}`);
    expect.soft(await readPathsOfTurn(system, accepted.turn), point.when).toEqual([`${folder}/a.md`, `${folder}/b.md`]);
  }
}, 120_000);

test("a supervisor that is killed alone leaves nothing that the next start trips over", async () => {
  await using system = await startHere();
  const { session } = await system.send("echo one");
  const pids = system.pids();
  signal(pids[0] ?? 0, "SIGKILL");
  await eventually(() => !isAlive(pids[0] ?? 0));
  await system.restart();
  const { answer } = await system.send("echo two", session);
  expect(answer).toMatchObject({ status: "done", text: "two" });
  await eventually(() => pids.filter(isAlive).length === 0, { withinMs: 10_000 });
});

test("a second start on the same state, on the same home, or on a taken port says so", async () => {
  await using system = await startHere();
  using folder = tempFolder("other");
  const own = { MATRIX_STATE: system.state, MATRIX_HOME: system.home, MATRIX_PORT: "0" };
  const other = { MATRIX_STATE: join(folder.path, "state"), MATRIX_HOME: join(folder.path, "home") };
  const { port } = new URL(system.url());
  const [sameState, sameHome, samePort] = await Promise.all([
    runStart(own),
    runStart({ ...own, MATRIX_STATE: other.MATRIX_STATE }),
    runStart({ ...other, MATRIX_STATE: join(folder.path, "third"), MATRIX_PORT: port }),
  ]);
  expect(sameState).toMatchObject({ code: 1, stderr: expect.stringContaining("running already") });
  expect(sameHome).toMatchObject({ code: 1, stderr: expect.stringContaining("running already on this home") });
  expect(samePort).toMatchObject({ code: 1, stderr: expect.stringContaining(`port ${port}`) });
  const { answer } = await system.send("echo unharmed");
  expect(answer.text).toBe("unharmed");
});

function isStep(name: string, state: string): (event: SessionEvent) => boolean {
  return (event) => event.type === "step" && event.label.endsWith(name) && event.state === state;
}

/** One file in each of two steps, then the last word. */
function playTwoWrites(request: MessagesRequest, folder: string, last: ScriptedAnswer): ScriptedAnswer {
  const name = ["a.md", "b.md"][readStep(request) - 1];
  if (name === undefined || !readQuestion(request).endsWith(folder)) return last;
  return toolUse({ name: "write_file", input: { path: `${folder}/${name}`, content: `${name} of ${folder}` } });
}

async function readPathsOfTurn(system: TestSystem, turn: string): Promise<string[]> {
  const { entries } = await read(system, readHistoryRoute, "");
  return entries
    .filter(({ origin }) => origin.turn === turn)
    .flatMap(({ paths }) => paths.filter(({ kind }) => kind === "created").map(({ path }) => path))
    .filter((path) => path.endsWith(".md"))
    .toSorted();
}

async function readEverything(system: TestSystem, session: string): Promise<unknown> {
  return {
    home: readHomeTree(system.home),
    history: await read(system, readHistoryRoute, ""),
    sessions: await read(system, listSessionsRoute, ""),
    session: await read(system, readSessionRoute, session),
    transcript: readFileSync(join(system.home, "system", "sessions", session, "transcript.jsonl"), "utf8"),
  };
}

async function read<Reply>(
  system: TestSystem,
  route: { readonly path: string; readonly reply?: { parse: (value: unknown) => Reply } },
  session: string,
): Promise<Reply> {
  const response = await system.fetch(toRouteUrl(route, { params: { session } }));
  if (route.reply === undefined) throw new TypeError("the route has no reply");
  return route.reply.parse(await response.json());
}
