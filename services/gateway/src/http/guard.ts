import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { type Trace, startTrace, withTrace } from "@matrix-os/bus/trace";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { findForeignHeader } from "../auth/allowed-sites.ts";
import { readCredentials } from "../auth/credentials.ts";
import { isSameSecret } from "../auth/secrets.ts";
import type { HttpDeps } from "./http-deps.ts";
import { HttpError } from "./to-http-problem.ts";

/** Who sends a request: the holder of the owner's token, or a browser that is logged in. */
export type Caller = { readonly kind: "owner" } | { readonly kind: "device"; readonly id: string };

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
    trace: Trace | undefined;
  }
  interface FastifyContextConfig {
    /** `public` routes answer anybody, `app-host` routes stand on the apps' host and ask for no caller; the others only a caller. */
    access?: "public" | "app-host";
  }
}

/** Lets no request pass that a foreign page sent, and to routes that are not public only those of a caller. Every request gets its trace. */
export function addGuard(app: FastifyInstance, deps: HttpDeps): void {
  app.decorateRequest("caller", undefined);
  app.decorateRequest("trace", undefined);
  app.addHook("onRequest", async (request, reply) => {
    beginAnswer(request, reply, deps.address.scheme);
    if (isOnAppHost(request, deps)) return;
    const foreign = findForeignHeader(request.headers, deps.address.sites);
    if (foreign !== undefined)
      throw rejected("denied", `the header ${foreign} names a foreign site`, { field: foreign });
    if (request.routeOptions.config.access !== "public") request.caller = await requireCaller(request, deps);
  });
  app.addHook("preHandler", (request, _reply, done) => withTrace(request.trace ?? startTrace(), done));
}

/** Whether a request is one for an app's file. The two hosts know nothing of each other's routes. */
function isOnAppHost({ headers, routeOptions }: FastifyRequest, { address }: HttpDeps): boolean {
  const host = headers.host?.toLowerCase() ?? "";
  const isAppRoute = routeOptions.config.access === "app-host";
  if (address.sites.appHosts.has(host)) {
    if (isAppRoute) return true;
    throw rejected("not-found", `only apps' files are here; the desktop is at ${address.url}`, { field: "path" });
  }
  if (isAppRoute && address.sites.hosts.has(host)) throw rejected("not-found", "no such route", { field: "path" });
  return false;
}

const securityHeaders = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/** Gives a request its trace and its answer the headers that every answer has. */
export function beginAnswer(request: FastifyRequest, reply: FastifyReply, scheme: "http" | "https"): void {
  request.trace = startTrace();
  reply.headers(securityHeaders).header("x-correlation-id", request.trace.correlation);
  if (scheme === "https") reply.header("strict-transport-security", "max-age=31536000");
}

async function requireCaller(request: FastifyRequest, deps: HttpDeps): Promise<Caller> {
  const caller = await findCaller(request, deps);
  if (caller === "none") throw rejected("unauthorized", "no token came with the request");
  if (caller === "wrong") throw toRefusal(request, deps);
  return caller;
}

/** The caller of a request; `wrong` when what it shows is not valid. */
export async function findCaller(request: FastifyRequest, deps: HttpDeps): Promise<Caller | "none" | "wrong"> {
  const credentials = readCredentials(request.headers, deps.address.cookieName);
  switch (credentials.kind) {
    case "none":
      return "none";
    case "token":
      return isSameSecret(credentials.token, deps.ownerToken) ? { kind: "owner" } : "wrong";
    case "cookie": {
      const device = await deps.devices.find(credentials.value, Date.now());
      return device === undefined ? "wrong" : { kind: "device", id: device.id };
    }
    default:
      return credentials satisfies never;
  }
}

/** Counts a wrong token or link; too many from one address get 429. */
export function toRefusal(request: FastifyRequest, deps: HttpDeps): Error {
  const waitMs = deps.failedLogins.note(request.ip, Date.now());
  if (waitMs === 0) return rejected("unauthorized", "the token is not valid");
  return new HttpError(429, unavailable("busy", "too many wrong tokens from this address", { retryAfterMs: waitMs }));
}

/** Calls back when the device that sent a request is logged out; returns how to stop listening. */
export function onLoggedOut(request: FastifyRequest, deps: HttpDeps, callback: () => void): () => void {
  return request.caller?.kind === "device" ? deps.devices.onRemoved(request.caller.id, callback) : () => undefined;
}
