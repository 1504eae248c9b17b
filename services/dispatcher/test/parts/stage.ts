import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Bus, connectBus } from "@matrix-os/bus";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { readPlainEnv } from "@matrix-os/testkit/config";
import { eventually } from "@matrix-os/testkit/eventually";
import { type Broker, startBroker } from "@matrix-os/testkit/start-broker";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { type Play, playOn } from "./play-service.ts";

/** Longer no process may take to end when it is asked to. */
const MAX_END_MS = 10_000;

/** A dispatcher as a process of its own. */
export interface DispatcherProcess extends AsyncDisposable {
  /** What it has logged. */
  readonly said: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
}

/** A broker and a file service; tests add dispatchers, and play kernel and channels on the bus. */
export interface Stage extends AsyncDisposable {
  readonly broker: Broker;
  readonly bus: Bus;
  readonly home: string;
  readonly startDispatcher: () => DispatcherProcess;
  /** Answers a request as the named service would, until disposed. */
  readonly answer: Play;
}

/** Starts one. */
export async function startStage(): Promise<Stage> {
  const folder = tempFolder("dispatcher");
  const broker = await startBroker();
  const bus = await connectBus("test", { url: broker.url });
  const home = join(folder.path, "home");
  const env = { MATRIX_BUS_URL: broker.url, MATRIX_HOME: home, MATRIX_STATE: join(folder.path, "state") };
  const start = (service: string) => startProcess(service, { ...env, MATRIX_RECONCILE_MS: "500" });
  const file = start("file");
  await bus.request(listOpenRequest, listOpenRequest.request.parse({}), { retryForMs: 30_000 });
  return {
    broker,
    bus,
    home,
    startDispatcher: () => start("dispatcher"),
    answer: playOn(bus),
    [Symbol.asyncDispose]: async () => {
      await file[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

function startProcess(service: string, env: Readonly<Record<string, string>>): DispatcherProcess {
  const main = join(import.meta.dirname, "..", "..", "..", service, "src", "main.ts");
  const child: ChildProcess = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
    env: { ...readPlainEnv(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    said: () => said,
    signal: (name) => void child.kill(name),
    [Symbol.asyncDispose]: async () => {
      if (hasEnded()) return;
      // Gently, so that its coverage is written down; one that is frozen or stuck is killed.
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const tooLong = setTimeout(() => child.kill("SIGKILL"), MAX_END_MS);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

/** Waits until one of these dispatchers says that it leads. */
export function untilLeads(dispatcher: DispatcherProcess, withinMs = 20_000): Promise<unknown> {
  return eventually(() => dispatcher.said().includes("leads the dispatchers"), { withinMs });
}
