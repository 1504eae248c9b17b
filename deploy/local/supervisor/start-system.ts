import { join } from "node:path";
import type { LocalConfig } from "../config.ts";
import { toBrokerCommand } from "./broker.ts";
import { type Child, type ChildCommand, keepRunning } from "./child.ts";
import { findPort } from "./free-port.ts";
import { openLogFile } from "./log-file.ts";
import { createLoginLink, untilReady } from "./gateway-client.ts";
import { StartError } from "./start-error.ts";
import { type StateFolder, openStateFolder, readOrMakeSecret } from "./state-folder.ts";
import { toServiceCommands } from "./to-service-commands.ts";

/** The running system. */
export interface System {
  readonly url: string;
  readonly createLoginLink: () => Promise<string>;
  /** Resolves when a signal has stopped everything. */
  readonly stopped: Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const DRAIN_MS = 8_400;
const FILE_GRACE_MS = 600;
const BROKER_GRACE_MS = 600;

/** Starts the broker and every service, and resolves when the gateway says it is ready. Throws `StartError`, with all stopped again. */
export async function startSystem(config: LocalConfig): Promise<System> {
  const gatewayPort = await findPort(config.port, config.host);
  const state = openStateFolder(config.state);
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${gatewayPort}`;
  const failed = new AbortController();
  const children = await startChildren(config, state, { gatewayPort, failed });
  const stop = async () => {
    await stopAll(children);
    state[Symbol.dispose]();
  };
  const signalled = untilSignal();
  try {
    const deadline = AbortSignal.any([failed.signal, AbortSignal.timeout(READY_WITHIN_MS)]);
    const outcome = await Promise.race([untilReady(url, deadline).then(() => "ready" as const), signalled]);
    if (outcome !== "ready") throw new StartError("stopped before it was ready");
  } catch (error) {
    await stop();
    throw toStartError(error, failed.signal, config);
  }
  return { url, createLoginLink: () => createLoginLink(url, config.state), stopped: signalled.then(stop) };
}

function toStartError(error: unknown, failed: AbortSignal, config: LocalConfig): StartError {
  if (error instanceof StartError) return error;
  if (failed.aborted) return new StartError(String(failed.reason));
  return new StartError(`Matrix OS did not get ready; the logs are in ${join(config.state, "logs")}`, { cause: error });
}

async function startChildren(
  config: LocalConfig,
  state: StateFolder,
  at: { readonly gatewayPort: number; readonly failed: AbortController },
): Promise<Child[]> {
  const busSecret = readOrMakeSecret(join(state.path, "bus.secret"));
  const [busPort, rehearsalPort] = [await findPort(0, "127.0.0.1"), await findPort(0, "127.0.0.1")];
  const broker = toBrokerCommand({ state: state.path, port: busPort, secret: busSecret });
  const services = toServiceCommands({ config, busPort, gatewayPort: at.gatewayPort, rehearsalPort, busSecret });
  return [broker, ...services].map((command) => supervise(command, state, at.failed));
}

function supervise(command: ChildCommand, state: StateFolder, failed: AbortController): Child {
  return keepRunning(command, {
    log: openLogFile(join(state.path, "logs", `${command.name}.jsonl`)),
    onStart: (pid) => {
      if (command.name === "broker") state.noteBroker(pid);
    },
    onHopeless: (reason) => failed.abort(reason),
    onRestart: (inMs) => process.stderr.write(`${command.name} ended unexpectedly, starting it again in ${inMs} ms\n`),
  });
}

/** What writes down goes after what has something to write, the broker last; within 10 s in all. */
async function stopAll(children: readonly Child[]): Promise<void> {
  const [broker, ...services] = children;
  const file = services.find(({ name }) => name === "file");
  await Promise.all(services.filter((child) => child !== file).map((child) => child.stop(DRAIN_MS)));
  await file?.stop(FILE_GRACE_MS);
  await broker?.stop(BROKER_GRACE_MS);
}

function untilSignal(): Promise<"signal"> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve("signal"));
    process.once("SIGTERM", () => resolve("signal"));
    process.once("SIGHUP", () => resolve("signal"));
  });
}
