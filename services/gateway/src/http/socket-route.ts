import { SOCKET_PATH } from "@matrix-os/contracts/api/probes";
import { rejected } from "@matrix-os/contracts/errors";
import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { WebSocket } from "ws";
import { limits } from "../auth/limits.ts";
import { onLoggedOut } from "./guard.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveSocket } from "./socket-session.ts";
import { createSlots } from "./slots.ts";
import { HttpError } from "./to-http-problem.ts";

const GOODBYE_MS = 1_000;
/** Close codes of RFC 6455. */
const LOGGED_OUT = 1008;
const GOING_AWAY = 1001;

/** Makes upgrades known; must come before the guard, so that a refused upgrade is closed too. */
export async function addSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: limits.frameBytes, perMessageDeflate: false },
    preClose: (done) => endSockets(app, done),
  });
}

/** Serves the WebSocket for shells. The guard has checked caller, host and origin before the upgrade. */
export function addSocketRoute(app: FastifyInstance, deps: HttpDeps): void {
  const slots = createSlots(deps.config.maxSockets, "sockets");
  app.route({
    method: "GET",
    url: SOCKET_PATH,
    schema: { hide: true },
    preHandler: async (request) => {
      if (!request.ws) throw new HttpError(426, rejected("invalid", "this is a WebSocket", { field: "Upgrade" }));
      request.raw.socket.once("close", slots.take());
    },
    handler: async (_request, reply) => reply,
    wsHandler: (socket: WebSocket, request) => {
      const goAway = () => socket.close(GOING_AWAY, "the gateway stops");
      const unlisten = onLoggedOut(request, deps, () => closeNow(socket));
      deps.closing.addEventListener("abort", goAway, { once: true });
      socket.once("close", () => {
        unlisten();
        deps.closing.removeEventListener("abort", goAway);
      });
      serveSocket(socket, deps, request.caller);
    },
  });
}

/** Shells were told when the drain began; those that don't answer are cut off. */
function endSockets(app: FastifyInstance, done: () => void): void {
  const { websocketServer } = app;
  const timer = setTimeout(() => {
    for (const socket of websocketServer.clients) socket.terminate();
  }, GOODBYE_MS);
  websocketServer.close(() => {
    clearTimeout(timer);
    done();
  });
}

function closeNow(socket: WebSocket): void {
  socket.close(LOGGED_OUT, "logged out");
  // A client that does not answer the close must not hear on.
  socket.terminate();
}
