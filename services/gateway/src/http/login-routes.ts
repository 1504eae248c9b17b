import { createLinkRoute, listDevicesRoute, removeDeviceRoute } from "@matrix-os/contracts/api/links";
import { LOGIN_PATH } from "@matrix-os/contracts/api/probes";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toSetCookie } from "../auth/credentials.ts";
import { DEVICE_LIFETIME_MS } from "../disk/devices.ts";
import { toRefusal } from "./guard.ts";
import { toLoginPage } from "./home-page.ts";
import type { HttpDeps } from "./http-deps.ts";
import { sendPage } from "./send-page.ts";
import { serveRoute } from "./serve-route.ts";
import { toHttpProblem } from "./to-http-problem.ts";

/** Serves login links and the browsers that used one. */
export function addLoginRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, createLinkRoute, async () => {
    const { code, expiresAt } = await deps.links.create(Date.now());
    return { url: `${deps.address.url}${LOGIN_PATH}?code=${code}`, expiresAt };
  });
  serveRoute(app, listDevicesRoute, async ({ request }) => {
    const current = request.caller?.kind === "device" ? request.caller.id : undefined;
    const devices = await deps.devices.list(Date.now());
    return { devices: devices.map((device) => ({ ...device, current: device.id === current })) };
  });
  serveRoute(
    app,
    removeDeviceRoute,
    async ({ params }) => deps.devices.remove(params["device"] ?? "") as Promise<never>,
  );
  app.get(LOGIN_PATH, { config: { access: "public" }, schema: { hide: true } }, async (request, reply) =>
    logIn({ request, reply }, deps),
  );
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
  const cookie = await deps.devices.create(request.headers["user-agent"] ?? "", Date.now());
  deps.log.info({ correlation: request.trace?.correlation }, "browser logged in");
  return reply
    .header("set-cookie", toSetCookie(deps.address.cookieName, cookie, DEVICE_LIFETIME_MS / 1_000))
    .redirect("/", 303);
}
