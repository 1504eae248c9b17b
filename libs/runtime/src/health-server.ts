import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Metrics, addProcessMetrics } from "./metrics.ts";

/** What the health endpoints ask. */
export interface Health {
  readonly isReady: () => boolean;
  readonly metrics: Metrics;
}

/** Serves /healthz (alive), /readyz (listening and on the bus) and /metrics. */
export async function serveHealth(
  health: Health,
  address: { host: string; port: number },
): Promise<AsyncDisposable & { port: number }> {
  addProcessMetrics(health.metrics);
  const server = createServer((request, response) => {
    respond(request.url ?? "/", response, health).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: () => close(server) };
}

async function respond(url: string, response: ServerResponse, health: Health): Promise<void> {
  const path = url.split("?")[0];
  if (path === "/healthz") return send(response, 200, "ok");
  if (path === "/readyz") return health.isReady() ? send(response, 200, "ready") : send(response, 503, "not ready");
  if (path === "/metrics") return send(response, 200, await health.metrics.registry.metrics());
  send(response, 404, "not found");
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
