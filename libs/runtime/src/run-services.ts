import { connectBus } from "@matrix-os/bus";
import { processEnv, readProcessConfig } from "./config.ts";
import { ConfigError, type Env } from "./env.ts";
import { serveHealth } from "./health-server.ts";
import { type Log, createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { RunnableService } from "./service.ts";
import type { Host } from "./start-service.ts";

const VERSION = "0.1.0";

/** Services that run in one process until they are told to stop. */
export interface Running extends AsyncDisposable {
  readonly log: Log;
}

/** Runs services in this process until SIGTERM or SIGINT; tells a supervisor over IPC when all are ready. The body of every `main.ts`. */
export async function runServices(name: string, services: readonly RunnableService[]): Promise<void> {
  try {
    const running = await startProcess(name, services, processEnv());
    process.send?.({ ready: true });
    const signal = await nextSignal();
    running.log.info({ signal }, "draining");
    await running[Symbol.asyncDispose]();
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof ConfigError ? error.message : describe(error)}\n`);
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
  // Sockets of clients that ignore a close must not keep a stopped process alive.
  setImmediate(() => process.exit());
}

/** Starts services on one bus connection, in the order given; disposing drains them in the opposite order. */
export async function startProcess(name: string, services: readonly RunnableService[], env: Env): Promise<Running> {
  const config = readProcessConfig(env);
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  const parts: AsyncDisposable[] = [];
  const bus = await connectBus(name, config.bus);
  parts.push(bus);
  const host: Host = { env, bus, log, metrics, version: VERSION };
  let ready = false;
  try {
    if (config.health !== undefined) parts.push(await serveHealth({ isReady: () => ready && bus.isUp(), metrics }, config.health));
    for (const service of services) parts.push(await service.start(host));
  } catch (error) {
    await disposeAll(parts);
    throw error;
  }
  ready = true;
  return { log, [Symbol.asyncDispose]: () => disposeAll(parts) };
}

async function disposeAll(parts: AsyncDisposable[]): Promise<void> {
  for (const part of parts.toReversed()) await part[Symbol.asyncDispose]();
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve("SIGTERM"));
    process.once("SIGINT", () => resolve("SIGINT"));
    // A supervisor that died takes its children with it.
    process.once("disconnect", () => resolve("supervisor gone"));
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
