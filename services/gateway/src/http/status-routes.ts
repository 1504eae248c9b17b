import { readStatusRoute, type Status } from "@matrix-os/contracts/api/status";
import { readLogsRoute } from "@matrix-os/contracts/api/logs";
import { verifyActivityRequest } from "@matrix-os/contracts/file/verify-activity.request";
import type { FastifyInstance } from "fastify";
import { readLogFiles } from "../disk/log-files.ts";
import { describeModel } from "../nats/describe-model.ts";
import { describeSandbox } from "../nats/describe-sandbox.ts";
import { coreServices, isAnswering } from "../nats/readiness.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";

/** Within this a check that was made before is told. */
const ACTIVITY_WITHIN_MS = 1_000;

/** Serves how the system is and what it logged. */
export function addStatusRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, readStatusRoute, async () => readStatus(deps));
  serveRoute(app, readLogsRoute, async ({ query }) => readLogFiles(deps.config.logs, query));
}

async function readStatus(deps: HttpDeps): Promise<Status> {
  const [model, missing, faults, sandbox, hasVault] = await Promise.all([
    describeModel(deps.bus),
    deps.readiness.findMissing(),
    findActivityFaults(deps),
    describeSandbox(deps.bus),
    isAnswering(deps.bus, "vault"),
  ]);
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
    problems: [
      ...missing.map((name) => `${name} does not answer; it is started again by itself`),
      ...model.problems,
      ...faults,
    ],
    services: {
      gateway: "up",
      ...services,
      tools: sandbox === undefined ? "down" : "up",
      vault: hasVault ? "up" : "down",
    },
    ...(sandbox === undefined ? {} : { sandbox }),
    bus: busDown ? "down" : "up",
    uptimeSeconds: Math.round((Date.now() - deps.startedAtMs) / 1_000),
  };
}

/** Tells when the activity log is not as it was written. A file service that is away is told elsewhere. */
async function findActivityFaults({ bus }: HttpDeps): Promise<string[]> {
  const { broken } = await bus
    .request(verifyActivityRequest, { check: "known" }, { timeoutMs: ACTIVITY_WITHIN_MS })
    .catch(() => ({ broken: undefined }));
  if (broken === undefined) return [];
  return [`the activity log was changed at ${broken.day} line ${broken.line}; see: matrixos activity verify`];
}
