import { readHistoryRoute, redoRoute, undoRoute } from "@matrix-os/contracts/api/history";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./http-deps.ts";
import { originOf } from "./origin-of.ts";
import { serveRoute } from "./serve-route.ts";

/** Serves the history of the home, undo and redo. */
export function addHistoryRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, readHistoryRoute, async ({ query }) => deps.bus.request(historyRequest, query));
  serveRoute(app, undoRoute, async ({ body, request }) =>
    deps.bus.request(undoRequest, { direction: "undo", ...body, origin: originOf(request) }),
  );
  serveRoute(app, redoRoute, async ({ body, request }) =>
    deps.bus.request(undoRequest, { direction: "redo", ...body, origin: originOf(request) }),
  );
}
