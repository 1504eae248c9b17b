import { Readable } from "node:stream";
import { exportActivityRoute, readActivityRoute, verifyActivityRoute } from "@matrix-os/contracts/api/status";
import { exportActivityRequest } from "@matrix-os/contracts/file/export-activity.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import { verifyActivityRequest } from "@matrix-os/contracts/file/verify-activity.request";
import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./http-deps.ts";
import { serveRaw, serveRoute } from "./serve-route.ts";

/** Serves the activity log: to read, to verify, and whole. */
export function addActivityRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, readActivityRoute, async ({ query }) => deps.bus.request(readActivityRequest, query));
  serveRoute(app, verifyActivityRoute, async () => deps.bus.request(verifyActivityRequest, { check: "now" }));
  serveRaw(app, { ...exportActivityRoute, produces: "application/x-ndjson" }, async ({ reply }) => {
    const first = await deps.bus.request(exportActivityRequest, {});
    return reply.type("application/x-ndjson").send(Readable.from(exportLines(deps, first)));
  });
}

type Page = (typeof exportActivityRequest)["example"]["reply"];

async function* exportLines({ bus }: HttpDeps, first: Page): AsyncGenerator<string> {
  for (let page = first; page.next !== undefined; page = await bus.request(exportActivityRequest, { after: page.next }))
    yield page.lines.map((line) => `${line}\n`).join("");
}
