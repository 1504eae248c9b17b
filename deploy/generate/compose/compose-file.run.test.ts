import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { eventually } from "@matrix-os/testkit/eventually";
import { findFreePort } from "@matrix-os/testkit/free-port";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootFolder } from "../../local/root-folder.ts";
import { readCompose } from "./read-compose.ts";

// No container engine here: the same commands, settings, secrets and broker configuration as processes of this machine.
// Only places change: container paths become folders, service names become loopback ports.
const folder = tempFolder("compose-run");
const processes: ChildProcess[] = [];
const ports = { bus: 0, monitor: 0, gateway: 0, rehearsal: 0 };
const compileCache = join(rootFolder, ".tools/compile-cache");
const WITHIN_MS = 40_000;
const said: Record<string, string> = {};

beforeAll(async () => {
  for (const name of Object.keys(ports) as (keyof typeof ports)[]) ports[name] = await findFreePort();
  cpSync(join(rootFolder, "deploy/compose"), folder.path, {
    recursive: true,
    filter: (path) => !/\/(\.env|home|state|broker|tls)$/.test(path),
  });
  execFileSync(join(folder.path, "make-secrets.sh"), { stdio: "pipe" });
  const { services } = readCompose(folder.path);
  for (const [name, { command, environment, volumes }] of Object.entries(services)) {
    const [program = "", ...args] = name === "nats" ? ["nats-server", "-c", toLocalBrokerFile()] : command;
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, toLocal(value, volumes ?? [])]),
    );
    const places = {
      MATRIX_PORT: ports.gateway,
      MATRIX_REHEARSAL_PORT: ports.rehearsal,
      MATRIX_HEALTH_PORT: await findFreePort(),
    };
    const own = Object.entries(places).flatMap(([key, port]) => (key in env ? [[key, String(port)]] : []));
    start(name, { program, args, env: { ...env, ...Object.fromEntries(own) } });
  }
});

afterAll(() => {
  for (const child of processes) child.kill("SIGKILL");
  folder[Symbol.dispose]();
});

function start(
  name: string,
  { program, args, env }: { program: string; args: string[]; env: Record<string, string> },
): void {
  const child = spawn(join(rootFolder, ".tools/bin", program), args, {
    cwd: rootFolder,
    env: { ...env, HOME: "/tmp", PATH: "/usr/local/bin:/usr/bin:/bin", NODE_COMPILE_CACHE: compileCache },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const keep = (chunk: Buffer) => (said[name] = ((said[name] ?? "") + chunk.toString()).slice(-2_000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  processes.push(child);
}

function toLocal(value: string, volumes: readonly string[]): string {
  const mounted = volumes
    .map((volume) => volume.split(":"))
    .find(([, to = "/"]) => value === to || value.startsWith(`${to}/`));
  const [from = "", to = ""] = mounted ?? [];
  return value
    .replace(/^\/matrix\/.*/, (path) => (mounted === undefined ? path : path.replace(to, join(folder.path, from))))
    .replace("nats://nats:4222", `nats://127.0.0.1:${ports.bus}`)
    .replace("http://rehearsal:4401", `http://127.0.0.1:${ports.rehearsal}`)
    .replace(/^0\.0\.0\.0$/, "127.0.0.1");
}

function toLocalBrokerFile(): string {
  const path = join(folder.path, "nats.local.conf");
  const conf = readFileSync(join(folder.path, "nats.conf"), "utf8");
  writeFileSync(
    path,
    conf
      .replace("port: 4222", `host: 127.0.0.1\nport: ${ports.bus}`)
      .replace("127.0.0.1:8222", `127.0.0.1:${ports.monitor}`)
      .replace('"/data"', JSON.stringify(join(folder.path, "broker"))),
  );
  return path;
}

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: string }> {
  const token = readFileSync(join(folder.path, "state/gateway/owner.token"), "utf8").trim();
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const sent = request(
    { host: "127.0.0.1", port: ports.gateway, method, path, ca: readFileSync(join(folder.path, "tls/tls.crt")) },
    (response) => void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject),
  );
  sent.setHeader("authorization", `Bearer ${token}`);
  if (body !== undefined) sent.setHeader("content-type", "application/json");
  sent.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

test(
  "what compose starts gets ready, over https with the made certificate, and answers a message with files",
  async () => {
    const isReady = async () => (await ask("GET", "/readyz")).status === 200;
    await eventually(isReady, { withinMs: WITHIN_MS }).catch((cause: unknown) => {
      throw new Error(JSON.stringify(said, null, 2), { cause });
    });
    const { status } = await ask("POST", "/api/v1/messages", { text: "make me a habit tracker" });
    expect(status).toBe(202);
    const findPage = () => globSync("home/apps/*/index.html", { cwd: folder.path })[0];
    expect(await eventually(findPage, { withinMs: WITHIN_MS })).toBe("home/apps/habit-tracker/index.html");
    expect(Object.entries(said).filter(([, lines]) => lines.includes("the bus refused something"))).toEqual([]);
  },
  2 * WITHIN_MS,
);
