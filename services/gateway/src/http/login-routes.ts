import { createLinkRoute, listDevicesRoute, removeDeviceRoute } from "@matrix-os/contracts/api/links";
import { LOGIN_PATH } from "@matrix-os/contracts/api/probes";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toSetCookie } from "../auth/credentials.ts";
import { toDigest } from "../auth/secrets.ts";
import { DEVICE_LIFETIME_MS } from "../disk/devices.ts";
import { toRefusal } from "./guard.ts";
import { toLoginPage } from "./home-page.ts";
import type { HttpDeps } from "./http-deps.ts";
import { sendPage } from "./send-page.ts";
import { serveRoute } from "./serve-route.ts";
import { toHttpProblem } from "./to-http-problem.ts";

/** Serves login links and the browsers that used one. */
export function addLoginRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, createLinkRoute, async ({ request }) => {
    const { code, expiresAt } = await deps.links.create(Date.now());
    deps.activity.tell("login", "login link made", request.caller);
    return { url: `${deps.address.url}${LOGIN_PATH}?code=${code}`, expiresAt };
  });
  serveRoute(app, listDevicesRoute, async ({ request }) => {
    const current = request.caller?.kind === "device" ? request.caller.id : undefined;
    const devices = await deps.devices.list(Date.now());
    return { devices: devices.map((device) => ({ ...device, current: device.id === current })) };
  });
  serveRoute(app, removeDeviceRoute, async ({ params, request }) => {
    const id = params["device"] ?? "";
    await deps.devices.remove(id);
    deps.activity.tell("login", `browser ${id.slice(0, 8)} logged out`, request.caller);
    return undefined as never;
  });
  app.get(LOGIN_PATH, { schema: { hide: true } }, async (request, reply) => logIn({ request, reply }, deps));
}

async function logIn(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  deps: HttpDeps,
): Promise<FastifyReply> {
  const { code } = request.query as { code?: unknown };
  if (typeof code !== "string" || code === "") return sendPage(reply, 401, toLoginPage("asked"));
  if (!(await deps.links.redeem(code, Date.now()))) {
    const { status, body } = toHttpProblem(toRefusal(request, deps));
    if (body.retryAfterMs !== undefined) reply.header("retry-after", String(Math.ceil(body.retryAfterMs / 1_000)));
    return sendPage(reply, status, toLoginPage(status === 429 ? "too-many" : "used"));
  }
  const userAgent = request.headers["user-agent"] ?? "";
  const cookie = await deps.devices.create(userAgent, Date.now());
  deps.activity.tell("login", `browser ${toDigest(cookie).slice(0, 8)} logged in from ${request.ip}: ${userAgent}`);
  deps.log.info({ correlation: request.trace?.correlation }, "browser logged in");
  return reply
    .header("set-cookie", toSetCookie(deps.address.cookieName, cookie, DEVICE_LIFETIME_MS / 1_000))
    .redirect("/", 303);
}
