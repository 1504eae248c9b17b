import { HEALTH_PATH, OPENAPI_PATH, READY_PATH, type Readiness } from "@matrix-os/contracts/api/probes";
import type { FastifyInstance } from "fastify";
import { describeModel } from "../nats/describe-model.ts";
import { findCaller } from "./guard.ts";
import { toHomePage, toLoginPage } from "./home-page.ts";
import type { HttpDeps } from "./http-deps.ts";
import { sendPage } from "./send-page.ts";

const open = { config: { access: "public" as const }, schema: { hide: true } };

/** Serves the first page, the probes and the OpenAPI document. */
export function addPageRoutes(app: FastifyInstance, deps: HttpDeps): void {
  app.get("/", open, async (request, reply) => {
    const caller = await findCaller(request, deps);
    if (typeof caller === "string") return sendPage(reply, 401, toLoginPage("asked"));
    const [{ model, provider }, missing] = await Promise.all([describeModel(deps.bus), deps.readiness.findMissing()]);
    const page = toHomePage({
      version: deps.version,
      model,
      rehearsal: provider === "rehearsal",
      home: deps.config.home,
      missing,
    });
    return sendPage(reply, 200, page);
  });
  app.get(HEALTH_PATH, open, async (_request, reply) => reply.type("text/plain; charset=utf-8").send("ok"));
  app.get(READY_PATH, open, async (_request, reply) => {
    const missing = [...(await deps.readiness.findMissing())];
    const answer: Readiness = { ready: missing.length === 0, missing };
    return reply.code(answer.ready ? 200 : 503).send(answer);
  });
  app.get(OPENAPI_PATH, { schema: { hide: true } }, async () => app.swagger());
}
