import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import { consumers, streams } from "@matrix-os/contracts/streams";
import { eventually } from "@matrix-os/testkit/eventually";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bus, connectBus } from "../src/bus.ts";
import { subscribeFollow } from "../src/follow.ts";
import { provision } from "../src/provision.ts";
import { workOnMessages } from "../src/work.ts";
import { happenedEvent, hearControl } from "./messages.ts";

const GOES_ON_WITHIN_MS = 10_000;
const [consumer] = consumers;
if (consumer === undefined) throw new Error("no consumer is defined");

let broker: Broker;
let sayer: Bus;
let hearer: Bus;
const turns: string[] = [];
const heard: string[] = [];
const controls: string[] = [];
const stopping = new AbortController();
let working: Promise<void>;

beforeAll(async () => {
  broker = await startBroker();
  sayer = await connectBus("sayer", { url: broker.url });
  hearer = await connectBus("hearer", { url: broker.url });
  await provision(sayer.connection);
  working = workOnMessages(hearer.connection, {
    contract: runTurnCommand,
    consumer,
    slots: 4,
    maxAttempts: 10,
    handler: async ({ session }) => {
      turns.push(session);
      return undefined;
    },
    observe: () => undefined,
    signal: stopping.signal,
  });
  const follow = { observe: () => undefined, signal: stopping.signal };
  subscribeFollow(hearer.connection, {
    ...follow,
    contract: happenedEvent,
    handler: ({ text }) => void heard.push(text),
  });
  subscribeFollow(hearer.connection, {
    ...follow,
    contract: hearControl,
    handler: ({ text }) => void controls.push(text),
  });
  await hearer.connection.nats.flush();
});

afterAll(async () => {
  stopping.abort();
  await working;
  await sayer[Symbol.asyncDispose]();
  await hearer[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

/** What the dispatcher does at each reconnect: make what is missing, ring again what the files say is unfinished. */
async function untilRungAgain(session: string): Promise<void> {
  await eventually(async () => {
    await provision(sayer.connection);
    await sayer.command(runTurnCommand, session, { session });
    return true;
  });
}

async function expectAllGoesOn(name: string): Promise<number> {
  const backAt = performance.now();
  await untilRungAgain(name);
  await eventually(() => turns.includes(name));
  await eventually(async () => {
    await sayer.publish(happenedEvent, "k", { text: name });
    sayer.control(hearControl, "k", { text: name });
    return true;
  });
  await eventually(() => heard.includes(name) && controls.includes(name));
  const tookMs = performance.now() - backAt;
  expect(tookMs).toBeLessThan(GOES_ON_WITHIN_MS);
  return tookMs;
}

describe("after the broker was killed and started again", () => {
  it("workers, listeners and publishers go on within seconds", async () => {
    expect(await expectAllGoesOn("before")).toBeLessThan(GOES_ON_WITHIN_MS);
    await broker.restart();
    await expectAllGoesOn("after-kill");
  });

  it("so they do when its whole store is gone: streams and consumers are made again", async () => {
    await broker.restart({ emptyStore: true });
    await expectAllGoesOn("after-loss");
    const manager = await sayer.connection.manager();
    const names: string[] = [];
    for await (const name of manager.streams.names()) names.push(name);
    expect(names.toSorted()).toEqual(streams.map(({ name }) => name).toSorted());
    expect(await provision(sayer.connection)).toBe(false);
  });

  it("so they do after five losses in a row, and no pull of before takes a message away", async () => {
    for (let round = 0; round < 5; round += 1) {
      await broker.restart({ emptyStore: round % 2 === 0 });
      await untilRungAgain(`round-${round}`);
      await eventually(() => turns.includes(`round-${round}`));
    }
    const manager = await sayer.connection.manager();
    const consumerInfo = () => manager.consumers.info(consumer.stream, consumer.durable);
    await eventually(async () => (await consumerInfo()).num_ack_pending === 0, { withinMs: 8_000 });
    const before = turns.length;
    const startedAt = performance.now();
    for (let n = 0; n < 20; n += 1) await sayer.command(runTurnCommand, `s${n}`, { session: `s${n}` });
    await eventually(() => turns.length === before + 20);
    expect(performance.now() - startedAt).toBeLessThan(GOES_ON_WITHIN_MS);
    await eventually(async () => {
      const { num_ack_pending, num_redelivered, num_waiting } = await consumerInfo();
      return num_ack_pending === 0 && num_redelivered === 0 && num_waiting === 4;
    });
  });

  it("so they do when only the streams are deleted while all stay connected", async () => {
    const manager = await sayer.connection.manager();
    await manager.streams.delete(consumer.stream);
    await expect(sayer.command(runTurnCommand, "lost", { session: "lost" })).rejects.toMatchObject({
      code: "no-responder",
    });
    await expectAllGoesOn("after-delete");
  });

  it("what is published while it is away is refused at once, not kept for ever", async () => {
    await broker.kill("SIGKILL");
    await eventually(() => !sayer.isUp());
    const startedAt = performance.now();
    await expect(sayer.publish(happenedEvent, "k", { text: "x" })).rejects.toMatchObject({
      kind: "unavailable",
      code: "bus-down",
    });
    await expect(sayer.command(runTurnCommand, "x", { session: "x" })).rejects.toMatchObject({ code: "bus-down" });
    expect(() => sayer.control(hearControl, "k", { text: "dropped" })).not.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(GOES_ON_WITHIN_MS);
    await broker.restart();
    await expectAllGoesOn("at-last");
    expect(controls).not.toContain("dropped");
  });
});
