import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HeardEvent, readEvents, readUntil } from "./parts/read-events.ts";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

async function watch(session: string, from: { after?: string; lastEventId?: string } = {}) {
  const query = from.after === undefined ? "" : `?after=${from.after}`;
  const headers: Record<string, string> = from.lastEventId === undefined ? {} : { "last-event-id": from.lastEventId };
  const response = await stage.ask(`/api/v1/sessions/${session}/events${query}`, { headers });
  expect(response.status).toBe(200);
  return readEvents(response);
}

const isFinished = (event: HeardEvent) => event.event === "finished";

/** A generator of numbers that a seed repeats (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

/** One turn in random pieces; answers how many durable events it showed. */
function playTurn(session: string, random: (below: number) => number): void {
  const { sessions } = stage.system;
  const turn = sessions.send(session, `question ${random(1_000)}`);
  const lose = () => {
    sessions.loseDrafts = random(4) === 0;
  };
  lose();
  sessions.begin(turn);
  for (let step = 1; step <= 1 + random(3); step += 1) {
    lose();
    sessions.delta(turn, { step, number: 0, text: "on its way" });
    sessions.record(turn, { kind: "model.request", step, reservedUsd: 0 });
    sessions.say(turn, step, `text ${step}`);
    for (let call = 0; call < random(3); call += 1) sessions.callTool(turn, `c${step}${call}`);
  }
  lose();
  sessions.finish(turn, "done");
  sessions.loseDrafts = false;
}

describe("the event stream of a session", () => {
  test("tells a turn as it happens, each durable event with its cursor", async () => {
    const { sessions } = stage.system;
    const turn = sessions.send("live", "hello");
    const events = await watch("live");
    sessions.begin(turn);
    await readUntil(events, ({ event }) => event === "message");
    sessions.delta(turn, { step: 1, number: 0, text: "Hel" });
    sessions.delta(turn, { step: 1, number: 1, text: "lo" });
    sessions.say(turn, 1, "Hello");
    sessions.finish(turn, "Hello");
    const heard = await readUntil(events, isFinished);
    const arrival = sessions.find(turn)?.message.arrival;
    expect(heard.map(({ id, event }) => [id, event])).toEqual([
      [undefined, "delta"],
      [undefined, "delta"],
      [`${arrival}.3`, "text"],
      [`${arrival}.4`, "finished"],
    ]);
    expect(heard[0]?.data).toEqual({ session: "live", turn, step: 1, number: 0, text: "Hel" });
    await events.return(undefined);
  });

  test("without a cursor begins at the first open turn, not at finished ones", async () => {
    const { sessions } = stage.system;
    const old = sessions.send("begin", "old");
    sessions.begin(old);
    sessions.finish(old, "old");
    const turn = sessions.send("begin", "new");
    sessions.begin(turn);
    const events = await watch("begin");
    expect((await events.next()).value).toMatchObject({ event: "message", data: { turn, text: "new" } });
    await events.return(undefined);
  });

  test("idle, it waits for what comes", async () => {
    const { sessions } = stage.system;
    const old = sessions.send("idle", "old");
    sessions.begin(old);
    sessions.finish(old, "old");
    const events = await watch("idle");
    const next = events.next();
    await expect.poll(() => stage.system.answered.get("file.request.list-open")).toBeGreaterThan(0);
    const turn = sessions.send("idle", "new");
    sessions.begin(turn);
    expect((await next).value).toMatchObject({ event: "message", data: { text: "new" } });
    await events.return(undefined);
  });

  test("the cursor of the session's view goes on where the view ends", async () => {
    const { sessions } = stage.system;
    const turn = sessions.send("view", "one");
    sessions.begin(turn);
    sessions.say(turn, 1, "seen");
    const { cursor } = (await (await stage.ask("/api/v1/sessions/view")).json()) as { cursor: string };
    sessions.say(turn, 2, "unseen");
    const events = await watch("view", { after: cursor });
    expect((await events.next()).value).toMatchObject({ data: { text: "unseen" } });
    sessions.finish(turn, "end");
    await readUntil(events, isFinished);
    const after = ((await (await stage.ask("/api/v1/sessions/view")).json()) as { cursor: string }).cursor;
    const later = await watch("view", { after });
    const next = sessions.send("view", "two");
    sessions.begin(next);
    expect((await later.next()).value).toMatchObject({ event: "message", data: { text: "two" } });
    await Promise.all([events.return(undefined), later.return(undefined)]);
  });

  test("unknown session: 404 before anything streams", async () => {
    expect((await stage.ask("/api/v1/sessions/nobody/events")).status).toBe(404);
  });

  test("a journal of many pages is replayed whole, tool labels too", async () => {
    const { sessions } = stage.system;
    sessions.logPage = 3;
    const turn = sessions.send("pages", "long");
    sessions.begin(turn);
    for (let call = 0; call < 20; call += 1) sessions.callTool(turn, `c${call}`);
    sessions.finish(turn, "end");
    const { arrival } = sessions.find(turn)?.message ?? { arrival: 0 };
    const events = await watch("pages", { lastEventId: `${arrival}.21` });
    const heard = await readUntil(events, isFinished);
    expect(heard.map(({ id }) => id)).toEqual(Array.from({ length: 22 }, (_, index) => `${arrival}.${22 + index}`));
    expect(heard[0]?.data).toMatchObject({ type: "step", label: "apps/c9", state: "done" });
    sessions.logPage = 1_000;
    await events.return(undefined);
  });

  test("a turn whose drafts were all lost is told at its end", async () => {
    const { sessions } = stage.system;
    const old = sessions.send("lost", "old");
    sessions.begin(old);
    sessions.finish(old, "old");
    const events = await watch("lost");
    const heard = readUntil(events, isFinished);
    await expect.poll(() => stage.system.answered.get("file.request.read-transcript")).toBeGreaterThan(2);
    sessions.loseDrafts = true;
    const turn = sessions.send("lost", "new");
    sessions.begin(turn);
    sessions.say(turn, 1, "answer");
    sessions.finish(turn, "answer");
    sessions.loseDrafts = false;
    expect((await heard).map(({ event }) => event)).toEqual(["message", "text", "finished"]);
    await events.return(undefined);
  });
});

describe("resuming", () => {
  test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    "a client that is cut off at random and drafts that get lost change nothing: exactly the journals' events (seed %i)",
    async (seed) => {
      const random = createRandom(seed);
      const session = `random-${seed}`;
      const { sessions } = stage.system;
      const first = sessions.send(session, "first");
      sessions.begin(first);
      const heard: string[] = [];
      const turns = 4;
      let lastEventId = `${sessions.find(first)?.message.arrival}.0`;
      let finished = 0;
      let played = 0;
      while (finished < turns) {
        const events = await watch(session, random(2) === 0 ? { after: lastEventId } : { lastEventId });
        for (let left = 1 + random(4); left > 0 && finished < turns; ) {
          if (played < finished + 2 && played < turns - 1 && random(2) === 0) {
            if (played === 0) sessions.finish(first, "done", { silent: random(2) === 0 });
            playTurn(session, random);
            played += 1;
          } else if (played === 0) {
            sessions.finish(first, "done");
            playTurn(session, random);
            played += 1;
          }
          const next = await events.next();
          if (next.done === true) break;
          if (next.value.id === undefined) continue;
          heard.push(next.value.id);
          lastEventId = next.value.id;
          if (isFinished(next.value)) {
            finished += 1;
            if (finished > played && played < turns - 1) {
              playTurn(session, random);
              played += 1;
            }
          }
          left -= 1;
        }
        await events.return(undefined);
      }
      const { toSessionEvents } = await import("@matrix-os/turn/session-events");
      const expected = sessions.need(session).turns.flatMap(({ message, lines }) =>
        toSessionEvents({ session, turn: message.key, arrival: message.arrival }, lines).map(({ cursor }) => cursor),
      );
      expect(heard).toEqual(expected);
    },
  );

  test("a broker that is restarted loses nothing for a stream that stays open", async () => {
    const { sessions } = stage.system;
    const turn = sessions.send("broker", "hello");
    sessions.begin(turn);
    const events = await watch("broker");
    expect((await events.next()).value).toMatchObject({ event: "message" });
    await stage.broker.restart(async () => sessions.say(turn, 1, "said while nobody could hear"));
    sessions.loseDrafts = true;
    sessions.say(turn, 2, "lost as well");
    sessions.loseDrafts = false;
    const heard = await readUntil(events, ({ data }) => data["step"] === 2);
    expect(heard.filter(({ id }) => id !== undefined).map(({ data }) => data["text"])).toEqual(["said while nobody could hear", "lost as well"]);
    await events.return(undefined);
  });
});

describe("cost", () => {
  test("a session that nobody watches has no listener on the bus, one that was left has none either", async () => {
    const subscriptions = () => stage.system.bus.connection.nats;
    expect(subscriptions().isClosed()).toBe(false);
    const { createSessionHub } = await import("../src/hub/session-hub.ts");
    const hub = createSessionHub();
    const open: string[] = [];
    hub.openWhileWatched((session) => {
      open.push(session);
      return () => open.splice(open.indexOf(session), 1);
    });
    const leave = [hub.listen("a", () => undefined), hub.listen("a", () => undefined), hub.listen("b", () => undefined)];
    expect(open).toEqual(["a", "b"]);
    for (const unlisten of leave) unlisten();
    expect(open).toEqual([]);
  });
});
