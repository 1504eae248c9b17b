import { HEALTH_PATH, METRICS_PATH, OPENAPI_PATH, READY_PATH, type Readiness } from "@matrix-os/contracts/api/probes";
import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./http-deps.ts";

const hidden = { schema: { hide: true } };

/** Serves the probes, the numbers and the OpenAPI document. */
export function addPageRoutes(app: FastifyInstance, deps: HttpDeps): void {
  app.get(HEALTH_PATH, hidden, async (_request, reply) => reply.type("text/plain; charset=utf-8").send("ok"));
  app.get(READY_PATH, hidden, async (_request, reply) => {
    const missing = [...(await deps.readiness.findMissing())];
    const answer: Readiness = { ready: missing.length === 0, missing };
    return reply.code(answer.ready ? 200 : 503).send(answer);
  });
  app.get(METRICS_PATH, hidden, async (_request, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(await deps.readMetrics()),
  );
  app.get(OPENAPI_PATH, hidden, async () => app.swagger());
}
