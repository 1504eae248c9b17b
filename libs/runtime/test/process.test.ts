import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Bus, connectBus } from "@matrix-os/bus";
import { provision } from "@matrix-os/bus/provision";
import { startTrace, withTrace } from "@matrix-os/bus/trace";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import { toOsError } from "@matrix-os/contracts/errors";
import { readBareEnv } from "@matrix-os/testkit/config";
import { eventually } from "@matrix-os/testkit/eventually";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeRequest } from "./probe.ts";

const DRAINS_WITHIN_MS = 2_000;

let broker: Broker;
let bus: Bus;

beforeAll(async () => {
  broker = await startBroker();
  bus = await connectBus("tester", { url: broker.url });
  await provision(bus.connection);
});

afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

interface Probe extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The text of both outputs. */
  readonly said: () => string;
  readonly lines: () => Line[];
  readonly ended: Promise<number | null>;
}

/** Starts the probe process without waiting until it is ready. */
function spawnProbe(env: Record<string, string> = {}): Probe {
  const child = fork(join(import.meta.dirname, "probe-process.ts"), {
    env: { ...readBareEnv(), MATRIX_BUS_URL: broker.url, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  // Not `close`: after a disconnect it does not come.
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return {
    child,
    said: () => said,
    lines: () =>
      said
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Line),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await Promise.race([ended, delay(DRAINS_WITHIN_MS, undefined, { ref: false })]);
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function startProbe(env: Record<string, string> = {}): Promise<Probe> {
  const probe = spawnProbe(env);
  const [message] = (await Promise.race([once(probe.child, "message"), probe.ended.then(() => [probe.said()])])) as [
    unknown,
  ];
  expect(message).toEqual({ ready: true });
  return probe;
}

describe("a process", () => {
  it("tells its supervisor over IPC when it is ready, and then answers", async () => {
    await using _probe = await startProbe();
    expect(await bus.request(probeRequest, { please: "answer" })).toEqual({ done: true });
    expect(await bus.ping(100)).toContain("kernel");
  });

  it("ends with 78 when it can't be configured, telling the problems of all keys of the process and its services", async () => {
    await using probe = spawnProbe({ PROBE_SIZE: "huge", PROBE_MODE: "warp", MATRIX_LOG_LEVEL: "loud" });
    expect(await probe.ended).toBe(78);
    await eventually(() => probe.said().includes("How the probe works"));
    expect(probe.said()).toMatch(/MATRIX_LOG_LEVEL: .* The least important level/);
    expect(probe.said()).toMatch(/PROBE_SIZE: .* How large the probe is\./);
    expect(probe.said()).toMatch(/PROBE_MODE: .* How the probe works/);
    expect(probe.said()).not.toContain("    at ");
  });

  it("stops when its supervisor is gone", async () => {
    await using probe = await startProbe();
    probe.child.disconnect();
    expect(await probe.ended).toBe(0);
    await eventually(() => probe.lines().at(-1)?.msg === "service stopped");
    expect(probe.lines()).toContainEqual(expect.objectContaining({ msg: "draining", signal: "supervisor gone" }));
  });

  it("stops at once while it still waits for a broker, when it is told to or its supervisor is gone", async () => {
    const nowhere = { MATRIX_BUS_URL: "nats://127.0.0.1:1" };
    await using told = spawnProbe(nowhere);
    await using orphan = spawnProbe(nowhere);
    await eventually(
      () => told.said().includes("waiting for the bus") && orphan.said().includes("waiting for the bus"),
    );
    told.child.kill("SIGTERM");
    orphan.child.disconnect();
    expect(await told.ended).toBe(0);
    expect(await orphan.ended).toBe(0);
  });
});

describe("a process that can't start", () => {
  it("tells the owner one sentence when they can help it, and ends with 1", async () => {
    await using probe = spawnProbe({ PROBE_START: "refused" });
    expect(await probe.ended).toBe(1);
    await eventually(() => probe.said().includes("probe: the disk is full"));
    expect(probe.said()).not.toContain("    at ");
  });

  it("shows where it happened when it is our bug", async () => {
    await using probe = spawnProbe({ PROBE_START: "broken" });
    expect(await probe.ended).toBe(1);
    await eventually(() => /probe: TypeError: the bug\n +at /.test(probe.said()));
  });

  it("shows whatever was thrown", async () => {
    await using probe = spawnProbe({ PROBE_START: "odd" });
    expect(await probe.ended).toBe(1);
    await eventually(() => probe.said().includes("probe: just words"));
  });
});

describe("a log", () => {
  it("has one line for each handled message: contract, correlation, duration, outcome", async () => {
    await using probe = await startProbe({ MATRIX_LOG_LEVEL: "debug" });
    const trace = startTrace();
    await withTrace(trace, async () => {
      await bus.request(probeRequest, { please: "answer" });
      await bus.request(probeRequest, { please: "nothing" as never }).catch(() => undefined);
      bus.control(stopControl, "s_1", { session: "s_1", turns: [] });
    });
    const handled = () => probe.lines().filter((line) => line.msg === "message handled");
    await eventually(() => handled().length === 3);
    const base = { service: "kernel", correlation: trace.correlation, durationMs: expect.any(Number) as number };
    expect(handled()).toEqual([
      expect.objectContaining({ ...base, contract: "test.request.probe", outcome: "done", level: "info" }),
      expect.objectContaining({ ...base, contract: "test.request.probe", outcome: "refused", code: "invalid" }),
      expect.objectContaining({
        ...base,
        contract: "kernel.control.stop",
        key: "s_1",
        outcome: "done",
        level: "debug",
      }),
    ]);
  });

  it("hides secrets, and lines of a handler carry the correlation of its message", async () => {
    await using probe = await startProbe();
    const trace = startTrace();
    await withTrace(trace, () => bus.request(probeRequest, { please: "log-secrets" }));
    await eventually(() => probe.said().includes('"said"'));
    expect(probe.said()).not.toContain("hunter2");
    expect(probe.lines().find(({ msg }) => msg === "said")).toMatchObject({
      password: "***",
      correlation: trace.correlation,
    });
  });

  it("has the detail of a broken handler that its caller does not get", async () => {
    await using probe = await startProbe();
    await expect(bus.request(probeRequest, { please: "break" })).rejects.toMatchObject({
      kind: "broken",
      code: "internal",
    });
    await eventually(() => probe.lines().some((line) => line.level === "error"));
    expect(probe.lines().find((line) => line.level === "error")).toMatchObject({
      err: { type: "TypeError", message: "the detail" },
    });
  });
});

describe("the health port", () => {
  it("tells alive, ready and numbers; not ready while the broker is away", async () => {
    await using own = await startBroker();
    await using probe = await startProbe({ MATRIX_HEALTH_PORT: "0", MATRIX_BUS_URL: own.url });
    const port = await eventually(
      () => probe.lines().find(({ msg }) => msg === "health is served")?.["port"] as number | undefined,
    );
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    await using asker = await connectBus("asker", { url: own.url });
    await asker.request(probeRequest, { please: "answer" });
    expect(await get("/healthz")).toEqual({ status: 200, text: "ok" });
    expect(await get("/readyz")).toEqual({ status: 200, text: "ready" });
    expect((await get("/nothing")).status).toBe(404);
    const { text } = await get("/metrics");
    expect(text).toContain(
      'matrix_message_duration_seconds_count{service="kernel",contract="test.request.probe",outcome="done"} 1',
    );
    expect(text).toContain("process_resident_memory_bytes");
    await own.kill("SIGKILL");
    await eventually(async () => (await get("/readyz")).status === 503);
    expect((await get("/healthz")).status).toBe(200);
    await own.restart();
    await eventually(async () => (await get("/readyz")).status === 200);
  });
});

describe("SIGTERM", () => {
  it("lets requests and work under way finish, takes nothing new, and ends with 0", async () => {
    await using probe = await startProbe();
    const held = bus.request(probeRequest, { please: "hold" }, { timeoutMs: 20_000 });
    await bus.command(runTurnCommand, "s_1", { session: "s_1" });
    const manager = await bus.connection.manager();
    const consumer = () => manager.consumers.info("TURNS", "kernel");
    await eventually(async () => (await consumer()).num_ack_pending === 1);
    probe.child.kill("SIGTERM");
    await eventually(() => probe.lines().some(({ msg }) => msg === "draining"));
    await eventually(() =>
      bus.request(probeRequest, { please: "answer" }).then(
        () => false,
        (error: unknown) => toOsError(error).code === "no-responder",
      ),
    );
    await bus.command(runTurnCommand, "s_2", { session: "s_2" });
    probe.child.send("go");
    expect(await held).toEqual({ done: true });
    expect(await probe.ended).toBe(0);
    await eventually(() => probe.lines().at(-1)?.msg === "service stopped");
    expect(
      probe
        .lines()
        .slice(-2)
        .map(({ msg }) => msg),
    ).toEqual(["deps closed", "service stopped"]);
    expect(probe.lines().filter((line) => line["contract"] === "kernel.command.run-turn")).toMatchObject([
      { key: "s_1", outcome: "done" },
    ]);
    expect(await consumer()).toMatchObject({ num_ack_pending: 0, num_pending: 1 });
    await manager.streams.purge("TURNS");
  });
});
