import { headers as names } from "@matrix-os/contracts/headers";
import { eventually } from "@matrix-os/testkit/eventually";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import type { MsgHdrs } from "@nats-io/nats-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bus, connectBus } from "../src/bus.ts";
import { fromHeaders, toHeaders } from "../src/envelope.ts";
import { subscribeFollow } from "../src/follow.ts";
import { currentTrace, startTrace, toTrace, withTrace } from "../src/trace.ts";
import { doCommand, doubleRequest, happenedEvent, makeTestStream, startAnswers, startWorker } from "./messages.ts";

let broker: Broker;
let bus: Bus;

beforeAll(async () => {
  broker = await startBroker();
  bus = await connectBus("tester", { url: broker.url });
  await makeTestStream(bus);
  await (await bus.connection.manager()).streams.add({ name: "EVENTS", subjects: ["mx.*.event.>"] });
});

afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

const traceIdOf = (head: MsgHdrs | undefined) => head?.get(names.traceparent).split("-")[1];
const spanOf = (head: MsgHdrs | undefined) => head?.get(names.traceparent).split("-")[2];

describe("a walk through request, event and command", () => {
  it("keeps its trace and correlation in every message, with a new span in each", async () => {
    const seen: MsgHdrs[] = [];
    for (const subject of [doubleRequest.subject, happenedEvent.anyKey, doCommand.anyKey]) {
      bus.connection.nats.subscribe(subject, {
        callback: (_error, message) => void (message.headers && seen.push(message.headers)),
      });
    }
    const correlations: string[] = [];
    await using _answers = startAnswers(bus, async (number) => {
      await Promise.resolve();
      await bus.publish(happenedEvent, "k", { text: "asked" });
      return number;
    });
    const done = Promise.withResolvers<void>();
    subscribeFollow(bus.connection, {
      contract: happenedEvent,
      handler: () => bus.command(doCommand, "k", { text: "do" }),
      observe: (one) => correlations.push(one.trace.correlation),
      signal: new AbortController().signal,
    });
    await using _worker = startWorker(bus, async () => {
      correlations.push(currentTrace().correlation);
      done.resolve();
      return undefined;
    });
    await bus.connection.nats.flush();
    const trace = startTrace();
    await withTrace(trace, () => bus.request(doubleRequest, { number: 1 }));
    await done.promise;
    await eventually(() => seen.length === 3 && correlations.length === 2);
    expect(new Set(seen.map(traceIdOf))).toEqual(new Set([trace.traceparent.split("-")[1]]));
    expect(new Set(seen.map((head) => head.get(names.correlation)))).toEqual(new Set([trace.correlation]));
    expect(new Set(seen.map(spanOf)).size).toBe(3);
    expect(new Set(correlations)).toEqual(new Set([trace.correlation]));
    expect(
      seen.every((head) => /^[0-9a-f-]{36}$/.test(head.get(names.id)) && head.get(names.source) === "tester"),
    ).toBe(true);
    expect(seen.map((head) => head.get(names.type))).toContain("test.request.double.v1");
  });

  it("does not mix with another one that runs at the same time", async () => {
    await using _answers = startAnswers(bus, async () => {
      const before = currentTrace();
      await new Promise((resolve) => setImmediate(resolve));
      expect(currentTrace()).toBe(before);
      return Number.parseInt(before.correlation, 16);
    });
    await bus.connection.nats.flush();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        withTrace(startTrace(number.toString(16)), () => bus.request(doubleRequest, { number })),
      ),
    );
    expect(results.map(({ result }) => result)).toEqual(Array.from({ length: 50 }, (_, number) => number));
  });
});

describe("a trace from outside", () => {
  const good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  it("is taken over when it is one, with its flags", () => {
    const head = withTrace(toTrace(good, "abc"), () => toHeaders("a.event.b", "me"));
    expect(head.get(names.traceparent)).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
    expect(fromHeaders(head).correlation).toBe("abc");
  });

  it("is replaced when it is not: nothing of it gets into headers or logs", () => {
    for (const bad of ["", "x", "00-0-0-01", `${good}\r\nevil: 1`, `00-${"0".repeat(32)}-b7ad6b7169203331-01`]) {
      expect(toTrace(bad, "a b\n").traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(toTrace(bad, "a b\n").correlation).toMatch(/^[0-9a-f]{16}$/);
      expect(toTrace(bad, "x".repeat(65)).correlation).toMatch(/^[0-9a-f]{16}$/);
    }
  });
});
