import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { type Session, readSessionRoute } from "@matrix-os/contracts/api/session";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import type { QueueMode } from "@matrix-os/contracts/turn/message";
import { eventually } from "@matrix-os/testkit/eventually";
import { gated, text, toolUse } from "@matrix-os/testkit/messages/answers";
import type { MessagesRequest } from "@matrix-os/testkit/messages/check-request";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readQuestion } from "./parts/model-requests.ts";
import { runMatrixos } from "./parts/run-program.ts";
import { readJournal, readTranscript } from "./parts/session-files.ts";
import { watchOnSocket } from "./parts/watch-on-socket.ts";
import { startHere, toModelEnv, untilReady } from "./parts/start-here.ts";

const WAITING = 100;

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model));
});

beforeEach(async () => {
  await untilReady(system);
  model.requests.length = 0;
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

test("a message that steers joins the running turn at its next step, and is answered by it", async () => {
  const { first, open } = await beginTwoSteps();
  using shell = await watchOnSocket(system, first.session);
  const steer = await hand("but in blue", first.session, { mode: "steer" });
  open.resolve();
  await system.untilFinished(first);
  expect(model.requests).toHaveLength(2);
  expect(lastTexts(model.requests[1]?.body)).toEqual(["but in blue"]);
  expect(readTranscript(system, first).map((entry) => entry.text)).toEqual(["paint it", "but in blue", "ok"]);
  expect(readJournal(system, first).filter(({ kind }) => kind === "steer")).toHaveLength(1);
  await shell.until((frame) => frame.type === "session-changed" && "state" in frame && frame.state === "idle");
  const { state, messages } = await readSession(first.session);
  expect(state).toBe("idle");
  expect(messages.find(({ id }) => id === `${steer.message}.user`)).toMatchObject({ turn: first.turn });
  expect(readOpen()).toEqual([]);
  // Handed in again it is still the same message.
  const again = await hand("but in blue", first.session, { mode: "steer", key: steer.key });
  expect(again).toMatchObject({ message: steer.message, duplicate: true });
  expect(await system.send("next", first.session)).toMatchObject({ answer: { status: "done" } });
  expect(model.requests).toHaveLength(3);
});

test("a message that steers is an ordinary one when no turn runs", async () => {
  model.play([text("ok")]);
  const { session } = await system.send("first");
  const steer = await hand("and now this", session, { mode: "steer" });
  const { answer } = await system.untilFinished({ session, turn: steer.message });
  expect(answer).toMatchObject({ status: "done", text: "ok" });
});

test("a message that steered survives a kill of everything, and is not asked twice", async () => {
  const { first, open } = await beginTwoSteps();
  await hand("but in green", first.session, { mode: "steer" });
  model.play([gated(text("ok"), () => never)]);
  open.resolve();
  await eventually(() => readJournal(system, first).some(({ kind }) => kind === "steer"));
  await system.killAll();
  model.requests.length = 0;
  model.play([text("ok")]);
  await system.restart();
  const { answer } = await system.untilFinished(first);
  expect(answer.status).toBe("done");
  expect(lastTexts(model.requests[0]?.body)).toEqual(["but in green"]);
  expect(readTranscript(system, first).map((entry) => entry.role)).toEqual(["user", "user", "assistant"]);
  expect(readJournal(system, first).filter(({ kind }) => kind === "steer")).toHaveLength(1);
  await eventually(() => readOpen().length === 0);
});

test("collected messages that came while a turn ran are one turn, in order, each answered by it", async () => {
  const open = Promise.withResolvers<void>();
  model.play(() => gated(text("ok"), () => open.promise));
  const first = await system.accept("the long one");
  await model.untilAsked(1);
  const collected = [];
  for (const word of ["one", "two", "three"]) collected.push(await hand(word, first.session, { mode: "collect" }));
  const last = await hand("on its own", first.session);
  open.resolve();
  const turn = { session: first.session, turn: collected[0]?.message ?? "" };
  await Promise.all([first, turn, { ...turn, turn: last.message }].map((each) => system.untilFinished(each)));
  expect(model.requests).toHaveLength(3);
  expect(lastTexts(model.requests[1]?.body)).toEqual(["one", "two", "three"]);
  expect(readTranscript(system, turn).map((entry) => entry.text)).toEqual(["one", "two", "three", "ok"]);
  expect(readQuestion(model.requests[2]?.body as MessagesRequest)).toBe("on its own");
});

test("a message that interrupts stops what runs and what waits before it, then runs", async () => {
  model.play((request) =>
    readQuestion(request) === "instead" ? text("ok") : gated(text("Half", " done"), (n) => (n === 0 ? go : never)),
  );
  const first = await system.accept("the long one");
  await model.untilAsked(1);
  const waiting = await system.accept("the waiting one", first.session);
  const asked = performance.now();
  const instead = await hand("instead", first.session, { mode: "interrupt" });
  const [ended, never_, done] = await Promise.all(
    [first, waiting, { session: first.session, turn: instead.message }].map((each) => system.untilFinished(each)),
  );
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(ended?.answer.status).toBe("stopped");
  expect(never_?.answer.status).toBe("stopped");
  expect(done?.answer).toMatchObject({ status: "done", text: "ok" });
  expect(model.requests.map(({ body }) => readQuestion(body))).toEqual(["the long one", "instead"]);
});

test(`${WAITING} messages of a session may wait, each is seen, the next is refused with 429; others are not held up`, async () => {
  const open = Promise.withResolvers<void>();
  model.play((request) => (readQuestion(request) === "beside" ? text("ok") : gated(text("ok"), () => open.promise)));
  const first = await system.accept("the long one");
  await model.untilAsked(1);
  const posted = await Promise.all(
    Array.from({ length: WAITING + 20 }, (_, n) => post({ text: `${n}`, session: first.session, mode: "collect" })),
  );
  const statuses = posted.map(({ status }) => status);
  expect(statuses.filter((status) => status === 202)).toHaveLength(WAITING);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  expect(await posted.find(({ status }) => status === 429)?.json()).toMatchObject({ code: "busy", field: "session" });
  const { messages } = await readSession(first.session);
  expect(messages.filter(({ status }) => status === "queued")).toHaveLength(WAITING);
  expect((await system.send("beside")).answer.status).toBe("done");
  open.resolve();
  await system.untilFinished(first);
  await eventually(() => readOpen().length === 0);
  expect((await system.send("there is room again", first.session)).answer.status).toBe("done");
});

test("the owner's settings say what messages do that don't say it, for all sessions or for one", async () => {
  const { first, open } = await beginTwoSteps();
  const queue = { mode: "followup", sessions: { [first.session]: "steer" } };
  const put = await system.fetch("/api/v1/files/system/config.json", {
    method: "PUT",
    body: JSON.stringify({ queue }),
  });
  expect(put.status).toBeLessThan(300);
  const steer = await hand("by the settings", first.session);
  open.resolve();
  await system.untilFinished(first);
  expect(readTranscript(system, first).map((entry) => entry.text)).toContain("by the settings");
  expect(steer.duplicate).toBe(false);
});

test("the command line takes a mode, and shows the turn that its message joined", async () => {
  const { first, open } = await beginTwoSteps();
  const sending = runMatrixos(system, "send", "--session", first.session, "--mode", "steer", "from the terminal");
  await eventually(async () => (await readSession(first.session)).messages.some((m) => m.text === "from the terminal"));
  open.resolve();
  const { code, stdout } = await sending;
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("ok") });
  expect(readTranscript(system, first).map((entry) => entry.text)).toContain("from the terminal");
});

const go = Promise.resolve();
const never = new Promise<void>(() => undefined);
const listing = toolUse({ name: "list_files", input: { path: "" } });

/** A turn whose first model request waits for `open`, and that has a second one. */
async function beginTwoSteps() {
  const open = Promise.withResolvers<void>();
  let asked = 0;
  model.play(() => ((asked += 1) === 1 ? gated(listing, () => open.promise) : text("ok")));
  const first = await system.accept("paint it");
  await model.untilAsked(1);
  return { first, open };
}

/** What stands behind the results of tools in the last message, or all of it. */
function lastTexts(body: MessagesRequest | undefined): string[] {
  const content = body?.messages.at(-1)?.content;
  if (typeof content === "string" || content === undefined) return [content ?? ""];
  return content.flatMap((block) => (block.type === "text" ? [String(block["text"])] : []));
}

function readOpen(): string[] {
  return readdirSync(join(system.home, "system", "open"));
}

function post(body: { text: string; session?: string; mode?: QueueMode; idempotencyKey?: string }): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return system.fetch(sendMessageRoute.path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function hand(words: string, session: string, how: { mode?: QueueMode; key?: string } = {}) {
  const { mode, key = crypto.randomUUID() } = how;
  const body = { text: words, session, idempotencyKey: key, ...(mode === undefined ? {} : { mode }) };
  const response = await post(body);
  expect(response.status).toBe(202);
  const accepted = (await response.json()) as { session: string; message: string; duplicate: boolean };
  return { ...accepted, key };
}

async function readSession(session: string): Promise<Session> {
  const response = await system.fetch(toRouteUrl(readSessionRoute, { params: { session } }));
  const view = readSessionRoute.reply?.parse(await response.json());
  if (view === undefined) throw new TypeError("the route has no reply");
  return view;
}
