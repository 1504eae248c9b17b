import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { findFreePort } from "./free-port.ts";
import { tempFolder } from "./temp-folder.ts";

/** What a test may want of its broker. */
export interface BrokerOptions {
  /** Not set: a temporary one that goes with the broker. */
  readonly storeFolder?: string;
  readonly port?: number;
  /** More lines for the server's configuration, such as an `authorization` block. */
  readonly config?: string;
}

/** A real nats-server with JetStream, on a loopback port of its own. Disposing it leaves nothing behind. */
export interface Broker extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: () => number;
  /** Ends the server (SIGKILL) or signals it (such as SIGSTOP); resolves when it has ended, for signals that end it. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  /** Starts it again on the same port; with `emptyStore` everything it had kept is gone. Resolves when it accepts connections. */
  readonly restart: (how?: { readonly emptyStore?: boolean }) => Promise<void>;
}

const server = join(import.meta.dirname, "..", "..", "..", ".tools", "bin", "nats-server");
const goesOn = new Set<NodeJS.Signals>(["SIGSTOP", "SIGCONT", "SIGHUP"]);
const LAST_LINES_CHARS = 4_000;

/** Starts a broker and resolves when it accepts connections. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const folder = tempFolder("broker");
  const port = options.port ?? (await findFreePort());
  const store = options.storeFolder ?? join(folder.path, "store");
  const configPath = join(folder.path, "broker.conf");
  writeFileSync(configPath, toConfiguration(port, store, options.config ?? ""));
  let running = await start(configPath, port);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasEnded(running)) return;
    const ended = goesOn.has(signal) ? Promise.resolve() : once(running, "exit");
    running.kill(signal);
    await ended;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: () => running.pid ?? 0,
    kill,
    restart: async ({ emptyStore = false } = {}) => {
      await kill("SIGKILL");
      if (emptyStore) rmSync(store, { recursive: true, force: true });
      running = await start(configPath, port);
    },
    [Symbol.asyncDispose]: async () => {
      await kill("SIGKILL");
      folder[Symbol.dispose]();
    },
  };
}

function toConfiguration(port: number, store: string, more: string): string {
  return [
    "host: 127.0.0.1",
    `port: ${port}`,
    "server_name: matrix-test",
    "max_payload: 1MB",
    'ping_interval: "5s"',
    "ping_max: 2",
    `jetstream { store_dir: ${JSON.stringify(store)}, max_memory_store: 16MB, max_file_store: 1GB }`,
    more,
  ].join("\n");
}

async function start(configPath: string, port: number): Promise<ChildProcess> {
  const child = spawn(server, ["-c", configPath], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-LAST_LINES_CHARS);
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`nats-server ended with ${code}:\n${said}`)));
  });
  failed.catch(() => undefined);
  await Promise.race([eventually(() => accepts(port), { withinMs: 10_000 }), failed]);
  return child;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    // A server that serves greets first; a socket that only listens says nothing.
    socket.once("data", () => settle(true));
    socket.once("error", () => settle(false));
    socket.once("end", () => settle(false));
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
