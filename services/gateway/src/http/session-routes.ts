import {
  listSessionsRoute,
  readSessionRoute,
  retrySessionRoute,
  stopSessionRoute,
} from "@matrix-os/contracts/api/session";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { rejected } from "@matrix-os/contracts/errors";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import type { FastifyInstance } from "fastify";
import { acceptText } from "../nats/accept-text.ts";
import { readSessionView } from "../nats/session-source.ts";
import { readEntries } from "../nats/turn-source.ts";
import { toSessionSummary } from "../session-view/to-session-view.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";
import { takeMessage } from "./take-message.ts";

/** A turn has a user's and an assistant's entry at the end of a transcript. */
const LAST_TURN_ENTRIES = 2;

/** Serves the routes of sessions, the event stream aside. */
export function addSessionRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, listSessionsRoute, async ({ query }) => {
    const { sessions, more } = await deps.bus.request(listSessionsRequest, query);
    return { sessions: sessions.map(toSessionSummary), more };
  });
  serveRoute(app, readSessionRoute, async ({ params, query }) =>
    readSessionView(deps.bus, params["session"] ?? "", query.from),
  );
  serveRoute(app, stopSessionRoute, async ({ params }) =>
    deps.bus.request(stopSessionRequest, { session: params["session"] ?? "" }),
  );
  serveRoute(app, retrySessionRoute, async ({ params, request }) => {
    takeMessage(request, deps);
    const { session, message, duplicate } = await retryLastTurn(deps, params["session"] ?? "");
    return { session, message, duplicate };
  });
}

async function retryLastTurn(deps: HttpDeps, session: string) {
  await deps.bus.request(listSessionsRequest, { session, limit: 1 });
  const { entries } = await readEntries(deps.bus, { session, from: -LAST_TURN_ENTRIES });
  const last = entries.at(-1);
  const asked = entries.find((entry) => entry.turn === last?.turn && entry.role === "user");
  if (last?.status !== "failed" || asked === undefined)
    throw rejected("conflict", "the last turn of this session did not fail");
  return await acceptText(deps.bus, { channel: "web", text: asked.text, session, nativeId: `retry:${last.turn}` });
}
