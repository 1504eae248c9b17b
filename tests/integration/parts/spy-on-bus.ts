import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectBus } from "@matrix-os/bus";
import { eventually } from "@matrix-os/testkit/eventually";
import { signal } from "@matrix-os/testkit/process-tree";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import type { Place } from "./canary-search.ts";
import { findProcesses } from "./processes.ts";

const user = "spy";
const password = "a-spy-of-the-tests";

/** Adds a user that may do anything to the running broker, and hears every message into `heard` until it is disposed. */
export async function spyOnBus(system: TestSystem, heard: Place[]): Promise<AsyncDisposable> {
  const path = join(system.state, "broker.conf");
  const configuration = readFileSync(path, "utf8");
  writeFileSync(path, configuration.replace("users: [", `users: [ { user: "${user}", password: "${password}" },`));
  for (const pid of findProcesses(system, "broker")) signal(pid, "SIGHUP");
  const port = /^port: (\d+)$/m.exec(configuration)?.[1] ?? "";
  const bus = await connectBus(user, { url: `nats://127.0.0.1:${port}`, user, password });
  bus.connection.nats.subscribe(">", {
    callback: (_error, message) => {
      const headers = JSON.stringify([...(message.headers ?? [])]);
      const text = `${message.subject}\n${headers}\n`;
      heard.push({ where: `bus ${message.subject}`, bytes: Buffer.concat([Buffer.from(text), message.data]) });
    },
  });
  await bus.connection.nats.flush();
  const before = heard.length;
  await system.fetch("/api/v1/sessions");
  await eventually(() => heard.length > before);
  return bus;
}
