import { toSessionEvents } from "@matrix-os/turn/session-events";
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

/** Turns in random pieces, one record at a time; some of their drafts get lost. */
function* playTurns(session: string, random: (below: number) => number, turns: number): Generator<void, void, void> {
  const { sessions } = stage.system;
  const perhapsLost = (play: () => void) => {
    sessions.loseDrafts = random(4) === 0;
    play();
    sessions.loseDrafts = false;
  };
  for (let n = 0; n < turns; n += 1) {
    const turn = sessions.send(session, `question ${n}`);
    yield perhapsLost(() => sessions.begin(turn));
    for (let step = 1; step <= 1 + random(3); step += 1) {
      yield sessions.delta(turn, { step, number: 0, text: "on its way" });
      yield perhapsLost(() => sessions.say(turn, step, `text ${step}`));
      for (let call = 0; call < random(3); call += 1)
        yield perhapsLost(() => sessions.callTool(turn, `c${step}${call}`));
    }
    yield perhapsLost(() => sessions.finish(turn, "done"));
  }
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

  test("tells an end that nobody was left to announce", async () => {
    const { sessions } = stage.system;
    const turn = sessions.send("unannounced", "hello");
    const events = await watch("unannounced");
    sessions.begin(turn);
    await readUntil(events, ({ event }) => event === "message");
    sessions.loseDrafts = true;
    sessions.finish(turn, "Hello", { silent: true });
    sessions.loseDrafts = false;
    expect((await readUntil(events, isFinished)).at(-1)).toMatchObject({ event: "finished" });
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
  test.each(Array.from({ length: 25 }, (_, index) => index + 1))(
    "a client that is cut off at random and drafts that get lost change nothing: exactly the journals' events (seed %i)",
    async (seed) => {
      const random = createRandom(seed);
      const session = `random-${seed}`;
      const { sessions, bus } = stage.system;
      const script = playTurns(session, random, 4);
      script.next();
      /** The next message; the script goes on as long as there is none. */
      const hear = async (events: AsyncGenerator<HeardEvent>) => {
        const pending = events.next();
        for (;;) {
          const outcome = await Promise.race([pending, bus.connection.nats.flush()]);
          if (typeof outcome === "object") return outcome.value as HeardEvent;
          if (script.next().done === true) return (await pending).value as HeardEvent;
        }
      };
      const heard: string[] = [];
      let lastEventId = `${sessions.need(session).turns[0]?.message.arrival}.0`;
      for (let finished = 0; finished < 4;) {
        const events = await watch(session, random(2) === 0 ? { after: lastEventId } : { lastEventId });
        for (let left = 1 + random(4); left > 0 && finished < 4; left -= 1) {
          const { id, event } = await hear(events);
          if (id === undefined) continue;
          heard.push(id);
          lastEventId = id;
          finished += event === "finished" ? 1 : 0;
        }
        await events.return(undefined);
      }
      const expected = sessions
        .need(session)
        .turns.flatMap(({ message, lines }) =>
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
    expect(heard.filter(({ id }) => id !== undefined).map(({ data }) => data["text"])).toEqual([
      "said while nobody could hear",
      "lost as well",
    ]);
    await events.return(undefined);
  });
});
