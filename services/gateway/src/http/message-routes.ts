import { randomUUID } from "node:crypto";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { rejected } from "@matrix-os/contracts/errors";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { acceptText } from "../nats/accept-text.ts";
import type { HttpDeps } from "./http-deps.ts";
import { originOf } from "./origin-of.ts";
import { serveRoute } from "./serve-route.ts";
import { takeMessage } from "./take-message.ts";

/** Serves the route that hands messages in. */
export function addMessageRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, sendMessageRoute, async ({ body, request }) => {
    takeMessage(request, deps);
    const nativeId = body.idempotencyKey ?? readIdempotencyKey(request) ?? randomUUID();
    const { session, message, duplicate } = await acceptText(deps.bus, {
      origin: originOf(request),
      channel: "web",
      text: body.text,
      session: body.session,
      app: body.app,
      nativeId,
      mode: body.mode,
    });
    return { session, message, duplicate };
  });
}

/** The header `Idempotency-Key`, 1 to 200 characters. Errors: `invalid`. */
export function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key !== "string" || key.length === 0 || key.length > 200) {
    throw rejected("invalid", "Idempotency-Key: must have 1 to 200 characters", { field: "Idempotency-Key" });
  }
  return key;
}
