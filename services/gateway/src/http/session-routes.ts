import {
  listSessionsRoute,
  readSessionRoute,
  retrySessionRoute,
  stopSessionRoute,
} from "@matrix-os/contracts/api/session";
import { MAX_JOINED } from "@matrix-os/contracts/dispatcher/read-joining.request";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import type { Origin } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { MAX_TEXT_LENGTH } from "@matrix-os/contracts/turn/message";
import type { FastifyInstance } from "fastify";
import { acceptText } from "../nats/accept-text.ts";
import { readSessionView } from "../nats/session-source.ts";
import { readEntries } from "../nats/turn-source.ts";
import { toSessionSummary } from "../session-view/to-session-view.ts";
import type { HttpDeps } from "./http-deps.ts";
import { originOf } from "./origin-of.ts";
import { serveRoute } from "./serve-route.ts";
import { takeMessage } from "./take-message.ts";

/** A turn has a user's entry, one for each message that joined it, and an assistant's. */
const LAST_TURN_ENTRIES = MAX_JOINED + 2;

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
    const { session, message, duplicate } = await retryLastTurn(deps, params["session"] ?? "", originOf(request));
    return { session, message, duplicate };
  });
}

async function retryLastTurn(deps: HttpDeps, session: string, origin: Origin) {
  await deps.bus.request(listSessionsRequest, { session, limit: 1 });
  const { entries } = await readEntries(deps.bus, { session, from: -LAST_TURN_ENTRIES });
  const last = entries.at(-1);
  const asked = entries.filter((entry) => entry.turn === last?.turn && entry.role === "user");
  if (last?.status !== "failed" || asked.length === 0)
    throw rejected("conflict", "the last turn of this session did not fail");
  const text = asked
    .map((entry) => entry.text)
    .join("\n\n")
    .slice(0, MAX_TEXT_LENGTH);
  return await acceptText(deps.bus, {
    origin,
    channel: "web",
    text,
    session,
    nativeId: `retry:${last.turn}`,
    mode: "followup",
  });
}
