import { readActivityRoute, readStatusRoute, type Status } from "@matrix-os/contracts/api/status";
import { readLogsRoute } from "@matrix-os/contracts/api/logs";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import type { FastifyInstance } from "fastify";
import { readLogFiles } from "../disk/log-files.ts";
import { describeModel } from "../nats/describe-model.ts";
import { coreServices } from "../nats/readiness.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";

/** Serves how the system is, what it did and what it logged. */
export function addStatusRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, readStatusRoute, async () => readStatus(deps));
  serveRoute(app, readActivityRoute, async ({ query }) => deps.bus.request(readActivityRequest, query));
  serveRoute(app, readLogsRoute, async ({ query }) => readLogFiles(deps.config.logs, query));
}

async function readStatus(deps: HttpDeps): Promise<Status> {
  const [model, missing] = await Promise.all([describeModel(deps.bus), deps.readiness.findMissing()]);
  const busDown = missing.includes("bus");
  const isDown = (name: string) => busDown || missing.includes(name);
  const services = Object.fromEntries(
    coreServices.map((name) => [name, isDown(name) ? ("down" as const) : ("up" as const)]),
  );
  return {
    version: deps.version,
    ...(deps.config.home === undefined ? {} : { home: deps.config.home }),
    ...model,
    rehearsal: model.provider === "rehearsal",
    problems: [...missing.map((name) => `${name} does not answer; it is started again by itself`), ...model.problems],
    services: { gateway: "up", ...services },
    bus: busDown ? "down" : "up",
    uptimeSeconds: Math.round((Date.now() - deps.startedAtMs) / 1_000),
  };
}
