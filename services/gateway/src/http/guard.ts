import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { type Trace, startTrace, withTrace } from "@matrix-os/bus/trace";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Access, routeAccess, unknownRouteAccess } from "../auth/access-table.ts";
import { findForeignHeader, hasSameSiteProof } from "../auth/allowed-sites.ts";
import { type Caller, toCallerKey } from "../auth/caller.ts";
import { may } from "../auth/may.ts";
import type { RateLimit } from "../auth/rate-limit.ts";
import { findCaller } from "./find-caller.ts";
import type { HttpDeps } from "./http-deps.ts";
import { HttpError } from "./to-http-problem.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
    trace: Trace | undefined;
  }
}

const harmless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Lets a request pass only to what its row of the access table allows, and none that a foreign page sent. Every request gets its trace. */
export function addGuard(app: FastifyInstance, deps: HttpDeps): void {
  app.decorateRequest("caller", undefined);
  app.decorateRequest("trace", undefined);
  needRows(app);
  app.addHook("onRequest", async (request, reply) => {
    beginAnswer(request, reply, deps.address.scheme);
    const access = toAccess(request);
    if (isOnAppHost(request, access, deps)) return needRoom(deps.rates.app, request.ip);
    const foreign = findForeignHeader(request.headers, deps.address.sites, access === "anyone" ? "page" : "data");
    if (foreign !== undefined) throw toForeign(foreign, request, deps);
    if (access === "anyone") return needRoom(deps.rates.stranger, request.ip);
    request.caller = await requireCaller(request, access, deps);
  });
  app.addHook("preHandler", (request, _reply, done) => withTrace(request.trace ?? startTrace(), done));
}

/** Throws while routes are added when the table does not know one, and before the start when it knows one that is not there. */
function needRows(app: FastifyInstance): void {
  const missing = new Set(Object.keys(routeAccess));
  app.addHook("onRoute", ({ method, url }) => {
    for (const key of [method].flat().map((each) => `${each} ${url}`)) {
      if (routeAccess[key] === undefined) throw new Error(`auth/access-table.ts has no row for ${key}`);
      missing.delete(key);
    }
  });
  app.addHook("onReady", async () => {
    if (missing.size > 0) throw new Error(`auth/access-table.ts has rows without a route: ${[...missing].join(", ")}`);
  });
}

function toAccess({ method, routeOptions }: FastifyRequest): Access {
  return routeAccess[`${method} ${routeOptions.url}`] ?? unknownRouteAccess;
}

/** Whether a request is one for an app's file. The two hosts know nothing of each other's routes. */
function isOnAppHost({ headers }: FastifyRequest, access: Access, { address }: HttpDeps): boolean {
  const host = headers.host?.toLowerCase() ?? "";
  const isAppRoute = access === "app-address";
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

async function requireCaller(request: FastifyRequest, access: Access, deps: HttpDeps): Promise<Caller> {
  const caller = await findCaller(request, deps);
  if (caller === "none") throw toStranger(request, deps);
  if (caller === "wrong") throw toRefusal(request, deps);
  needRoom(caller.kind === "token" ? deps.rates.token : deps.rates.owner, toCallerKey(caller));
  if (caller.kind === "device" && isEffective(request) && !hasSameSiteProof(request.headers))
    throw refuse(rejected("denied", "a browser must say that one of our pages sent this", { field: "Origin" }), {
      request,
      deps,
      caller,
    });
  if (!may(caller, access)) throw refuse(rejected("denied", "this token may not do that"), { request, deps, caller });
  return caller;
}

/** Whether a request may change something; a socket may. */
function isEffective({ method, ws }: FastifyRequest): boolean {
  return ws || !harmless.has(method);
}

/** Throws 429 when a name has spent its rate. */
export function needRoom(rate: RateLimit, name: string): void {
  const waitMs = rate.take(name, Date.now());
  if (waitMs > 0) throw toTooMany("too many requests", waitMs);
}

function toTooMany(message: string, retryAfterMs: number): Error {
  return new HttpError(429, unavailable("busy", message, { retryAfterMs }));
}

interface Refused {
  readonly request: FastifyRequest;
  readonly deps: HttpDeps;
  readonly caller?: Caller;
}

/** Notes a refusal for the owner, in bounds. */
function refuse<Thrown extends Error>(error: Thrown, { request, deps, caller }: Refused): Thrown {
  deps.activity.tellRefusal({
    what: `${request.method} ${request.routeOptions.url ?? "(no route)"}`,
    why: error.message,
    address: request.ip,
    caller,
  });
  return error;
}

function toForeign(header: string, request: FastifyRequest, deps: HttpDeps): Error {
  needRoom(deps.rates.stranger, request.ip);
  return refuse(rejected("denied", `the header ${header} names a foreign site`, { field: header }), { request, deps });
}

function toStranger(request: FastifyRequest, deps: HttpDeps): Error {
  needRoom(deps.rates.stranger, request.ip);
  return refuse(rejected("unauthorized", "no token came with the request"), { request, deps });
}

/** Counts a wrong token or link; too many from one address get 429. */
export function toRefusal(request: FastifyRequest, deps: HttpDeps): Error {
  const waitMs = deps.failedLogins.note(request.ip, Date.now());
  if (waitMs > 0) return refuse(toTooMany("too many wrong tokens from this address", waitMs), { request, deps });
  return refuse(rejected("unauthorized", "the token is not valid"), { request, deps });
}

/** Calls back when the sender of a request would not be let in any more; returns how to stop listening. */
export function onLoggedOut(
  { caller }: { readonly caller: Caller | undefined },
  deps: HttpDeps,
  callback: () => void,
): () => void {
  if (caller === undefined) return () => undefined;
  const unwatch = deps.revocations.watch(caller, callback);
  const unlisten = caller.kind === "device" ? deps.devices.onRemoved(caller.id, callback) : () => undefined;
  return () => {
    unwatch();
    unlisten();
  };
}
