import { createRedactor } from "@matrix-os/redaction/redactor";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectBus } from "@matrix-os/bus";
import { createMetrics } from "@matrix-os/runtime/metrics";
import { gatewayService } from "../../src/service.ts";
import { type Broker, startBroker } from "./broker.ts";
import { type FakeSystem, startFakeSystem } from "./fake-system.ts";

/** A gateway on a real broker with scripted services around it. */
export interface Stage extends AsyncDisposable {
  readonly broker: Broker;
  readonly system: FakeSystem;
  readonly url: string;
  readonly state: string;
  readonly token: string;
  /** What the gateway logged as an error. */
  readonly errors: unknown[];
  /** Asks as the owner; a JSON body is sent as such. */
  ask(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
}

export async function startStage(env: Record<string, string> = {}, services?: readonly string[]): Promise<Stage> {
  const broker = await startBroker();
  const system = await startFakeSystem(broker.url, services);
  const state = env["MATRIX_STATE"] ?? (await mkdtemp(join(tmpdir(), "gateway-state-")));
  const gateway = await startGateway(broker.url, {
    MATRIX_STATE: state,
    MATRIX_PORT: "0",
    MATRIX_SHELL: join(state, "no-shell"),
    ...env,
  });
  const token = await readFile(join(state, "owner.token"), "utf8");
  return {
    broker,
    system,
    state,
    token,
    url: gateway.url,
    errors: gateway.errors,
    ask: (path, { json, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has("authorization") && !headers.has("cookie")) headers.set("authorization", `Bearer ${token}`);
      if (json !== undefined) headers.set("content-type", "application/json");
      return fetch(new URL(path, gateway.url), {
        redirect: "manual",
        ...init,
        headers,
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
    },
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await system[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
      await rm(state, { recursive: true, force: true });
    },
  };
}

export async function startGateway(
  broker: string,
  env: Record<string, string>,
): Promise<AsyncDisposable & { url: string; errors: unknown[] }> {
  const bus = await connectBus("gateway", { url: broker });
  const errors: unknown[] = [];
  let url = "";
  const log = {
    child: () => log,
    debug: () => undefined,
    info: (fields: { url?: string }) => {
      url ||= fields.url ?? "";
    },
    warn: () => undefined,
    error: (fields: unknown) => errors.push(fields),
  };
  const host = { env, bus, log: log as never, redactor: createRedactor(), metrics: createMetrics(), version: "0.0.0" };
  const running = await gatewayService.start(host);
  return {
    url,
    errors,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
    },
  };
}
