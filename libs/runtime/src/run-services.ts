import { setTimeout as delay } from "node:timers/promises";
import { type Bus, connectBus } from "@matrix-os/bus";
import type { BrokerAddress } from "@matrix-os/bus/connection";
import { OsError } from "@matrix-os/contracts/errors";
import { createRedactor } from "@matrix-os/redaction/redactor";
import { processEnv, readProcessConfig } from "./config.ts";
import { ConfigError, type Env } from "./env.ts";
import { serveHealth } from "./health-server.ts";
import { type Log, createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { learnFromEnv } from "./own-secrets.ts";
import type { RunnableService } from "./service.ts";
import type { Host } from "./start-service.ts";

const VERSION = "0.1.0";
/** The whole process's time to drain; the supervisor kills a little later. */
const DRAIN_MS = 8_200;
const FLUSH_MS = 300;
const LONG_WAIT_MS = 2_000;

/** Services that run in one process until they are told to stop. */
export interface Running extends AsyncDisposable {
  readonly log: Log;
}

/** Runs services in this process until SIGTERM or SIGINT; tells a supervisor over IPC when all are ready. The body of every `main.ts`. */
export async function runServices(name: string, services: readonly RunnableService[]): Promise<void> {
  const stop = nextSignal();
  try {
    const running = await Promise.race([startProcess(name, services, processEnv()), stop]);
    // Stopped while it started, such as while it waited for the bus: nothing has been accepted yet.
    if (typeof running !== "string") await runUntilStopped(running, stop);
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof ConfigError ? error.message : describe(error)}\n`);
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
  // Sockets of clients that ignore a close must not keep a stopped process alive.
  setImmediate(() => process.exit());
}

async function runUntilStopped(running: Running, stop: Promise<string>): Promise<void> {
  process.send?.({ ready: true });
  const signal = await stop;
  running.log.info({ signal }, "draining");
  const drained = running[Symbol.asyncDispose]().then(() => "drained" as const);
  const outcome = await Promise.race([drained, delay(DRAIN_MS, "late" as const, { ref: false })]);
  if (outcome === "late") running.log.warn("the time to drain is over");
  await flush(running.log);
}

/** The last lines are written by another thread, which an exit would not wait for. */
async function flush(log: Log): Promise<void> {
  const flushed = new Promise<void>((resolve) => log.flush(() => resolve()));
  await Promise.race([flushed, delay(FLUSH_MS, undefined, { ref: false })]);
}

/** Starts services on one bus connection, in the order given; disposing drains them in the opposite order. */
export async function startProcess(name: string, services: readonly RunnableService[], env: Env): Promise<Running> {
  checkConfigs(services, env);
  const config = readProcessConfig(env);
  const redactor = createRedactor();
  learnFromEnv(redactor, env);
  const log = createLog(config.logLevel, redactor.text);
  const metrics = createMetrics();
  const parts: AsyncDisposable[] = [];
  const bus = await connect(name, config.bus, log);
  parts.push(bus);
  const host: Host = { env, bus, log, redactor, metrics, version: VERSION };
  let ready = false;
  try {
    if (config.health !== undefined) {
      const health = await serveHealth({ isReady: () => ready && bus.isUp(), metrics }, config.health);
      parts.push(health);
      log.info({ port: health.port }, "health is served");
    }
    for (const service of services) parts.push(await service.start(host));
  } catch (error) {
    await disposeAll(parts, log);
    throw error;
  }
  ready = true;
  return { log, [Symbol.asyncDispose]: () => disposeAll(parts, log) };
}

/** The problems of all services and of the process at once: an owner repairs a configuration in one go. */
function checkConfigs(services: readonly RunnableService[], env: Env): void {
  const checks = [() => void readProcessConfig(env), ...services.map((service) => () => service.checkConfig(env))];
  const problems = checks.flatMap(findProblems);
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
}

function findProblems(check: () => void): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Waits for the bus as long as it takes, and says so when it takes long. */
async function connect(name: string, address: BrokerAddress, log: Log): Promise<Bus> {
  const reminder = setInterval(
    () => log.warn("waiting for the bus: not reachable, or it refuses the user"),
    LONG_WAIT_MS,
  );
  try {
    const bus = await connectBus(name, address);
    bus.connection.onProblem((error) => log.error({ err: error }, "the bus refused something"));
    return bus;
  } finally {
    clearInterval(reminder);
  }
}

/** A part that can't be closed must not keep the others open. */
async function disposeAll(parts: AsyncDisposable[], log: Log): Promise<void> {
  for (const part of parts.toReversed()) {
    await part[Symbol.asyncDispose]().then(undefined, (error: unknown) =>
      log.error({ err: error }, "could not be closed"),
    );
  }
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve("SIGTERM"));
    process.once("SIGINT", () => resolve("SIGINT"));
    // A supervisor that died takes its children with it.
    process.once("disconnect", () => resolve("supervisor gone"));
  });
}

/** What the owner can act on is told in one sentence; only our own bugs show where they happened. */
function describe(error: unknown): string {
  if (error instanceof OsError && error.kind !== "broken") return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
