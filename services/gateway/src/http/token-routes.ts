import {
  createTokenRoute,
  listTokensRoute,
  removeTokenRoute,
  rotateOwnerTokenRoute,
  rotateTokenRoute,
} from "@matrix-os/contracts/api/tokens";
import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";

/** Serves the making, renewing and ending of tokens. */
export function addTokenRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { apiTokens, activity } = deps;
  serveRoute(app, createTokenRoute, async ({ body, request }) => {
    const made = await apiTokens.create(body, Date.now());
    activity.tell("token", `token ${made.name} made for ${made.scopes.join(", ")}`, request.caller);
    return made;
  });
  serveRoute(app, listTokensRoute, async () => ({ tokens: await apiTokens.list(Date.now()) }));
  serveRoute(app, rotateTokenRoute, async ({ params, request }) => {
    const renewed = await apiTokens.rotate(params["token"] ?? "");
    activity.tell("token", `token ${renewed.name} renewed`, request.caller);
    return renewed;
  });
  serveRoute(app, removeTokenRoute, async ({ params, request }) => {
    const { name } = await apiTokens.remove(params["token"] ?? "");
    activity.tell("token", `token ${name} removed`, request.caller);
    return undefined as never;
  });
  serveRoute(app, rotateOwnerTokenRoute, async ({ request }) => {
    const token = await deps.ownerToken.rotate();
    activity.tell("token", "the owner's token renewed", request.caller);
    return { token };
  });
}
