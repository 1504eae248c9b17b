import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real nats-server on a free port, with a store of its own. */
export interface Broker extends AsyncDisposable {
  readonly url: string;
  /** Kills it and starts it again on the same port. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
}

const program = join(import.meta.dirname, "../../../../.tools/bin/nats-server");

export async function startBroker(): Promise<Broker> {
  const store = await mkdtemp(join(tmpdir(), "gateway-nats-"));
  let running = await start(store, -1);
  const { port } = running;
  return {
    url: `nats://127.0.0.1:${port}`,
    restart: async (whileDown) => {
      await stop(running.child);
      await whileDown?.();
      running = await start(store, port);
    },
    [Symbol.asyncDispose]: async () => {
      await stop(running.child);
      await rm(store, { recursive: true, force: true });
    },
  };
}

async function start(store: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(program, ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", store], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  return await new Promise((resolve, reject) => {
    let actual = 0;
    child.once("exit", () => reject(new Error(`nats-server ended:\n${log}`)));
    child.stderr.on("data", (data: Buffer) => {
      log += data.toString();
      actual ||= Number(/client connections on [^:]+:(\d+)/.exec(log)?.[1] ?? 0);
      if (actual > 0 && log.includes("Server is ready")) resolve({ child, port: actual });
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
