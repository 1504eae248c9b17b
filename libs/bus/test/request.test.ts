import { OsError, rejected, unavailable } from "@matrix-os/contracts/errors";
import { eventually } from "@matrix-os/testkit/eventually";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bus, connectBus } from "../src/bus.ts";
import { doubleRequest, startAnswers } from "./messages.ts";

// Wide: the machine may be busy. What it must differ from is the default time-out of a request.
const AT_ONCE_MS = 2_000;

let broker: Broker;
let asker: Bus;
let answerer: Bus;

beforeAll(async () => {
  broker = await startBroker();
  asker = await connectBus("asker", { url: broker.url });
  answerer = await connectBus("answerer", { url: broker.url });
});

afterAll(async () => {
  await asker[Symbol.asyncDispose]();
  await answerer[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

/** The error that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<OsError> {
  const thrown = await call.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
  if (thrown instanceof OsError) return thrown;
  throw thrown;
}

describe("a request", () => {
  it("brings the typed answer of the one service that hears it", async () => {
    await using _answers = startAnswers(answerer, async (number) => number * 2);
    await answerer.connection.nats.flush();
    expect(await asker.request(doubleRequest, { number: 21 })).toEqual({ result: 42 });
  });

  it("brings the handler's error with its kind, code, field and time to wait", async () => {
    await using _answers = startAnswers(answerer, async () => {
      throw unavailable("busy", "full", { field: "number", retryAfterMs: 70 });
    });
    await answerer.connection.nats.flush();
    const error = await errorOf(asker.request(doubleRequest, { number: 1 }));
    expect(error).toMatchObject({
      kind: "unavailable",
      code: "busy",
      message: "full",
      field: "number",
      retryAfterMs: 70,
    });
  });

  it("keeps the detail of a broken handler to its own log", async () => {
    await using answers = startAnswers(answerer, async () => {
      throw new TypeError("password is hunter2");
    });
    await answerer.connection.nats.flush();
    const error = await errorOf(asker.request(doubleRequest, { number: 1 }));
    expect(error).toMatchObject({ kind: "broken", code: "internal" });
    expect(error.message).not.toContain("hunter2");
    expect(answers.handled[0]?.error?.message).toContain("hunter2");
  });

  it("with a wrong body is refused, naming the field", async () => {
    await using answers = startAnswers(answerer, async (number) => number);
    await answerer.connection.nats.flush();
    const error = await errorOf(asker.request(doubleRequest, { number: "1" as unknown as number }));
    expect(error).toMatchObject({ kind: "rejected", code: "invalid", field: "number" });
    expect(answers.handled).toHaveLength(1);
    expect(answers.handled[0]).toMatchObject({ contract: "test.request.double", outcome: "refused" });
  });

  it("with a body that is no JSON is refused", async () => {
    await using _answers = startAnswers(answerer, async (number) => number);
    await answerer.connection.nats.flush();
    const reply = await asker.connection.nats.request(doubleRequest.subject, "{", { timeout: 1_000 });
    expect(reply.json()).toMatchObject({ kind: "rejected", code: "invalid", field: "body" });
  });

  it("over 256 KB is refused before it is sent, counted in bytes", async () => {
    await using answers = startAnswers(answerer, async (number) => number);
    expect(await errorOf(asker.request(doubleRequest, { number: 1, note: "x".repeat(262_144) }))).toMatchObject({
      code: "too-large",
    });
    expect(await errorOf(asker.request(doubleRequest, { number: 1, note: "ü".repeat(140_000) }))).toMatchObject({
      code: "too-large",
    });
    expect(answers.handled).toHaveLength(0);
  });

  it("gets an error even when the error quotes more than fits into a message", async () => {
    await using _answers = startAnswers(answerer, async () => {
      throw rejected("invalid", "x".repeat(2_000_000), { field: "y".repeat(2_000_000) });
    });
    await answerer.connection.nats.flush();
    expect(await errorOf(asker.request(doubleRequest, { number: 1 }))).toMatchObject({
      kind: "rejected",
      code: "invalid",
    });
  });

  it("fails with `no-responder` at once when nobody hears it", async () => {
    const startedAt = performance.now();
    expect(await errorOf(asker.request(doubleRequest, { number: 1 }))).toMatchObject({
      kind: "unavailable",
      code: "no-responder",
    });
    expect(performance.now() - startedAt).toBeLessThan(AT_ONCE_MS);
  });

  it("fails with `timed-out` when no answer comes in time", async () => {
    await using _answers = startAnswers(answerer, () => new Promise<number>(() => undefined));
    await answerer.connection.nats.flush();
    expect(await errorOf(asker.request(doubleRequest, { number: 1 }, { timeoutMs: 50 }))).toMatchObject({
      code: "timed-out",
    });
  });

  it("ends with its signal, also while it waits for the answer", async () => {
    const stop = new AbortController();
    await using _answers = startAnswers(answerer, () => {
      stop.abort();
      return new Promise<number>(() => undefined);
    });
    await answerer.connection.nats.flush();
    const error = await errorOf(
      asker.request(doubleRequest, { number: 1 }, { timeoutMs: 60_000, signal: stop.signal }),
    );
    expect(error).toMatchObject({ kind: "rejected", code: "stopped" });
    expect(
      await errorOf(asker.request(doubleRequest, { number: 1 }, { retryForMs: 9_000, signal: stop.signal })),
    ).toMatchObject({ code: "stopped" });
  });

  it("with `retryForMs` reaches a service that comes up in that time", async () => {
    const answer = asker.request(doubleRequest, { number: 4 }, { retryForMs: 5_000 });
    await eventually(() => asker.connection.nats.stats().outMsgs > 0);
    await using _answers = startAnswers(answerer, async (number) => number * 2);
    expect(await answer).toEqual({ result: 8 });
  });

  it("does not repeat what the peer refuses for good", async () => {
    let calls = 0;
    await using _answers = startAnswers(answerer, async () => {
      calls += 1;
      throw rejected("denied", "no");
    });
    await answerer.connection.nats.flush();
    expect(await errorOf(asker.request(doubleRequest, { number: 1 }, { retryForMs: 5_000 }))).toMatchObject({
      code: "denied",
    });
    expect(calls).toBe(1);
  });

  it("that must not run twice is not repeated after a time-out", async () => {
    let calls = 0;
    await using _answers = startAnswers(answerer, () => {
      calls += 1;
      return new Promise<number>(() => undefined);
    });
    await answerer.connection.nats.flush();
    const options = { timeoutMs: 30, retryForMs: 5_000, retryAfter: "not-delivered" } as const;
    expect(await errorOf(asker.request(doubleRequest, { number: 1 }, options))).toMatchObject({ code: "timed-out" });
    expect(calls).toBe(1);
  });
});

describe("a service's replicas", () => {
  it("share its requests", async () => {
    const counts = [0, 0];
    await using second = await connectBus("second", { url: broker.url });
    await using _one = startAnswers(answerer, async (number) => ((counts[0] = (counts[0] ?? 0) + 1), number));
    await using _two = startAnswers(second, async (number) => ((counts[1] = (counts[1] ?? 0) + 1), number));
    await Promise.all([answerer.connection.nats.flush(), second.connection.nats.flush()]);
    await Promise.all(Array.from({ length: 200 }, (_, number) => asker.request(doubleRequest, { number })));
    expect(counts[0]).toBeGreaterThan(50);
    expect(counts[1]).toBeGreaterThan(50);
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(200);
  });

  it("refuse as `busy` past 512 requests in flight, and take more when some are done", async () => {
    const gate = Promise.withResolvers<void>();
    await using answers = startAnswers(answerer, (number) => gate.promise.then(() => number));
    await answerer.connection.nats.flush();
    const all = Array.from({ length: 520 }, (_, number) =>
      asker.request(doubleRequest, { number }, { timeoutMs: 10_000 }),
    );
    const refused = await Promise.all(all.slice(512).map(errorOf));
    expect(
      refused.every((error) => error.code === "busy" && error.kind === "unavailable" && error.retryAfterMs === 200),
    ).toBe(true);
    gate.resolve();
    await Promise.all(all.slice(0, 512));
    expect(answers.handled).toHaveLength(512);
    expect(await asker.request(doubleRequest, { number: 5 })).toEqual({ result: 5 });
  });
});

describe("without a broker", () => {
  it("a request fails with `bus-down` at once, before it is sent and while it waits, and works again after the restart", async () => {
    const arrived = Promise.withResolvers<void>();
    const waiting = startAnswers(answerer, () => (arrived.resolve(), new Promise<number>(() => undefined)));
    await answerer.connection.nats.flush();
    const underWay = errorOf(asker.request(doubleRequest, { number: 1 }, { timeoutMs: 60_000 }));
    await arrived.promise;
    await broker.kill("SIGKILL");
    expect(await underWay).toMatchObject({ kind: "unavailable", code: "bus-down" });
    const startedAt = performance.now();
    expect(await errorOf(asker.request(doubleRequest, { number: 1 }))).toMatchObject({
      kind: "unavailable",
      code: "bus-down",
    });
    expect(performance.now() - startedAt).toBeLessThan(AT_ONCE_MS);
    const retried = asker.request(doubleRequest, { number: 6 }, { retryForMs: 10_000 });
    await waiting[Symbol.asyncDispose]();
    await using _answers = startAnswers(answerer, async (number) => number * 2);
    await broker.restart();
    expect(await retried).toEqual({ result: 12 });
  });

  it("a new process waits for it, and leaves without it", async () => {
    await broker.kill("SIGKILL");
    const early = connectBus("early", { url: broker.url });
    await broker.restart();
    const bus = await early;
    expect(bus.isUp()).toBe(true);
    await broker.kill("SIGKILL");
    await eventually(() => !bus.isUp());
    await bus[Symbol.asyncDispose]();
    await broker.restart();
    await eventually(() => asker.isUp() && answerer.isUp());
  });
});

describe("a user of the bus", () => {
  it("that may not say or hear something is told, and goes on", async () => {
    const rules = `authorization { users: [ { user: u, password: p, permissions: { publish: [ "$SRV.>", "mx.ok" ], subscribe: ["_INBOX_u.>"] } } ] }`;
    await using strict = await startBroker({ config: rules });
    await using bus = await connectBus("strict", { url: strict.url, user: "u", password: "p" });
    const problems: Error[] = [];
    bus.connection.onProblem((error) => problems.push(error));
    startAnswers(bus, async (number) => number);
    await eventually(() => problems.length === 1);
    expect(await errorOf(bus.request(doubleRequest, { number: 1 }, { retryForMs: 5_000 }))).toMatchObject({
      kind: "broken",
    });
    expect(problems.length).toBeGreaterThanOrEqual(2);
    expect(await bus.ping(50)).toEqual(new Set());
  });
});
