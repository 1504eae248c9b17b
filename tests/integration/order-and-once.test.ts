import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { readSessionRoute } from "@matrix-os/contracts/api/session";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import { type SessionEvent, compareCursors } from "@matrix-os/contracts/shell/session-event";
import { gated, text, toolUse } from "@matrix-os/testkit/messages/answers";
import type { MessagesRequest } from "@matrix-os/testkit/messages/check-request";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readQuestion, readStep } from "./parts/model-requests.ts";
import { readTranscript } from "./parts/session-files.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";
import { watchOnSocket } from "./parts/watch-on-socket.ts";
import { isFinished, watchSession } from "./parts/watch-session.ts";

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model));
});

beforeEach(() => {
  model.requests.length = 0;
  model.play([text("ok")]);
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

test("one message handed in ten times at once is one turn", async () => {
  const handed = await Promise.all(Array.from({ length: 10 }, () => hand("once", "the-key")));
  const names = new Set(handed.map(({ session, message }) => `${session}/${message}`));
  expect(names.size).toBe(1);
  expect(handed.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  const turn = { session: handed[0]?.session ?? "", turn: handed[0]?.message ?? "" };
  await system.untilFinished(turn);
  const again = await hand("once, worded otherwise", "the-key");
  expect(again).toMatchObject({ message: turn.turn, duplicate: true });
  expect(model.requests).toHaveLength(1);
  expect(readTranscript(system, turn)).toHaveLength(2);
});

test("a burst of twenty messages to one session runs in arrival order, one at a time", async () => {
  const { session } = await system.send("first");
  model.requests.length = 0;
  const accepted = await Promise.all(Array.from({ length: 20 }, (_, n) => system.accept(`burst ${n}`, session)));
  await Promise.all(accepted.map((each) => system.untilFinished(each)));
  const asked = model.requests.map(({ body }) => readQuestion(body));
  const kept = accepted.flatMap((turn) => readTranscript(system, turn).slice(0, 1));
  const arrived = kept.toSorted((a, b) => a.arrival - b.arrival).map((question) => question.text);
  expect(asked).toEqual(arrived);
  expect(asked.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `burst ${n}`).toSorted());
  // Each knew the answers of all before it.
  expect(model.requests.map(({ body }) => body.messages.length)).toEqual(asked.map((_, n) => 2 * n + 3));
});

test("messages of one client that waits for each acceptance keep their order", async () => {
  const { session } = await system.send("first");
  model.requests.length = 0;
  for (let n = 0; n < 10; n += 1) await system.accept(`in turn ${n}`, session);
  await model.untilAsked(10);
  expect(model.requests.map(({ body }) => readQuestion(body))).toEqual(
    Array.from({ length: 10 }, (_, n) => `in turn ${n}`),
  );
});

test("two sessions run beside each other", async () => {
  const both = Promise.withResolvers<void>();
  let asked = 0;
  model.play(() => {
    asked += 1;
    if (asked === 2) both.resolve();
    return gated(text("together"), () => both.promise);
  });
  const answers = await Promise.all([system.send("left"), system.send("right")]);
  expect(answers.map(({ answer }) => answer.status)).toEqual(["done", "done"]);
});

test("a message waits, visibly, while another turn of its session runs", async () => {
  const open = Promise.withResolvers<void>();
  model.play(() => gated(text("done"), () => open.promise));
  const first = await system.accept("the long one");
  await model.untilAsked(1);
  const second = await system.accept("the waiting one", first.session);
  const { state, messages } = await readSession(first.session);
  expect(state).toBe("running");
  expect(messages.find(({ turn }) => turn === second.turn)).toMatchObject({ status: "queued", role: "user" });
  expect(model.requests).toHaveLength(1);
  open.resolve();
  await Promise.all([first, second].map((each) => system.untilFinished(each)));
  expect(model.requests.map(({ body }) => readQuestion(body))).toEqual(["the long one", "the waiting one"]);
});

test("watchers that lose their connection, and shells, see exactly what an uninterrupted watcher sees", async () => {
  model.play((request) => playBusyTurn(request));
  const { session } = await system.send("turn 0");
  using steady = await watchSession(system, session);
  using left = await watchOnSocket(system, session);
  using right = await watchOnSocket(system, session);
  const accepted = await Promise.all([1, 2, 3, 4].map((n) => system.accept(`turn ${n}`, session)));
  const broken = watchWithBreaks(session, 5);
  await Promise.all(accepted.map((each) => system.untilFinished(each)));
  const last = await steady.until((event) => isFinished(event) && countFinished(steady.events) === 5);
  const isLast = (frame: { type: string }) => "event" in frame && (frame.event as SessionEvent).cursor === lastCursor();
  const lastCursor = () => steady.events.at(-1)?.cursor ?? last.cursor;
  await Promise.all([left.until(isLast), right.until(isLast)]);
  expect(await broken).toEqual(steady.events);
  expect(left.events).toEqual(steady.events);
  expect(right.events).toEqual(steady.events);
  expect(steady.events).toEqual(steady.events.toSorted((a, b) => compareCursors(a.cursor, b.cursor)));
  expect(new Set(steady.events.map(({ cursor }) => cursor)).size).toBe(steady.events.length);
});

/** Three rounds of tools, then an answer in pieces. */
function playBusyTurn(request: MessagesRequest) {
  const step = readStep(request);
  const path = `watched/${readQuestion(request).replaceAll(" ", "-")}-${step}.md`;
  if (step > 3) return text("All ", "is ", "written.");
  return toolUse({ name: "write_file", input: { path, content: path } }, { name: "list_files", input: { path: "" } });
}

/** Reads a session's events over connections that break after a few of them, until so many turns have finished. */
async function watchWithBreaks(session: string, turns: number): Promise<SessionEvent[]> {
  const seen: SessionEvent[] = [];
  for (let round = 1; countFinished(seen) < turns; round += 1) {
    const take = 1 + ((round * 7) % 5);
    using watcher = await watchSession(system, session, seen.at(-1)?.cursor ?? "0.0");
    await watcher.until(() => watcher.events.length >= take || countFinished([...seen, ...watcher.events]) >= turns);
    seen.push(...watcher.events.slice(0, take));
  }
  return seen;
}

function countFinished(events: readonly SessionEvent[]): number {
  return events.filter(isFinished).length;
}

async function hand(words: string, idempotencyKey: string) {
  const response = await system.fetch(sendMessageRoute.path, {
    method: "POST",
    body: JSON.stringify({ text: words, idempotencyKey }),
    headers: { "content-type": "application/json" },
  });
  expect(response.status).toBe(202);
  return (await response.json()) as { session: string; message: string; duplicate: boolean };
}

async function readSession(session: string) {
  const response = await system.fetch(toRouteUrl(readSessionRoute, { params: { session } }));
  const view = readSessionRoute.reply?.parse(await response.json());
  if (view === undefined) throw new TypeError("the route has no reply");
  return view;
}
