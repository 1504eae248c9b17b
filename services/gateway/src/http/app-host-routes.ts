import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { rejected } from "@matrix-os/contracts/errors";
import { homePath } from "@matrix-os/contracts/values";
import type { FastifyInstance, FastifyReply } from "fastify";
import mime from "mime";
import { toAppPage } from "../apps/app-page.ts";
import { type AppPlace, appHeaders, toAppPolicy, toInertPolicy } from "../apps/app-policy.ts";
import type { AppGrant } from "../apps/app-token.ts";
import type { Caller } from "../auth/caller.ts";
import { toContentHeaders } from "./content-headers.ts";
import { isStillIn } from "./find-caller.ts";
import { onLoggedOut } from "./guard.ts";
import { toHomePath } from "./home-path-of.ts";
import type { HttpDeps } from "./http-deps.ts";
import { readAppTokens } from "./read-app-tokens.ts";
import { type Exchange, describeFile, readWhole, sendFile } from "./send-file.ts";

const MAX_PAGE_BYTES = 5_000_000;
const LOCK = resolve(import.meta.dirname, "../../app-host/lock.js");
const CLIENT = "matrix.js";
/** Every page begins with the client already; apps may still name it. */
const CLIENT_NOTE = "// The page has begun with it.\n";

/** Serves an app's files under its capability, on the apps' host only: no cookie, no caller, nothing else. */
export function addAppHostRoutes(app: FastifyInstance, deps: HttpDeps): void {
  app.route({
    method: ["GET", "HEAD"],
    url: "/a/:token/*",
    schema: { hide: true },
    handler: async (request, reply) => serveApp({ request, reply }, deps),
  });
}

async function serveApp(exchange: Exchange, deps: HttpDeps): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const { token = "" } = request.params as Record<string, string>;
  const place = { base: `${deps.address.appsUrl}/a/${token}/`, shellOrigins: deps.address.sites.origins };
  setAppHeaders(reply, place);
  // A page of its own would have no shell around it that keeps it where it is.
  if (request.headers["sec-fetch-dest"] === "document") throw toNothing("an app opens in a window of the desktop only");
  const grant = await readGrant(deps, token);
  endWithOpener(reply, deps, grant);
  const name = toHomePath(request.url, `/a/${token}/`);
  const path = homePath.parse(`apps/${grant.app}/${name}`);
  if (name === CLIENT) return reply.type("text/javascript; charset=utf-8").send(CLIENT_NOTE);
  if (mime.getType(name) === "text/html") return await sendAppPage(exchange, deps, { path, place });
  const headers = { ...toAppFileHeaders(path), ...appHeaders };
  if (request.method === "HEAD") return await describeFile(reply, deps, { path, headers });
  return await sendFile(exchange, deps, { path, headers });
}

function setAppHeaders(reply: FastifyReply, place: AppPlace): void {
  reply.removeHeader("x-frame-options").removeHeader("cross-origin-opener-policy");
  reply.headers({ ...appHeaders, "content-security-policy": toInertPolicy(place) });
}

function toAppFileHeaders(path: string): Record<string, string> {
  return { "content-type": toContentHeaders(path)["content-type"] ?? "application/octet-stream" };
}

async function readGrant(deps: HttpDeps, token: string): Promise<AppGrant> {
  const grant = (await readAppTokens(deps))?.open(token, Date.now());
  if (grant === undefined || !(await isInForce(deps, grant))) throw toNothing("this address is not valid any more");
  return grant;
}

async function isInForce(deps: HttpDeps, grant: AppGrant): Promise<boolean> {
  const opener = toOpener(grant);
  return opener === undefined || (await isStillIn(opener, deps));
}

/** What is on its way when its opener is logged out ends there. */
function endWithOpener(reply: FastifyReply, deps: HttpDeps, grant: AppGrant): void {
  const unlisten = onLoggedOut({ caller: toOpener(grant) }, deps, () => reply.raw.destroy());
  reply.raw.once("close", unlisten);
}

function toOpener({ device, token }: AppGrant): Caller | undefined {
  if (device !== undefined) return { kind: "device", id: device };
  return token === undefined ? undefined : { kind: "token", ...token, name: "", scopes: [] };
}

async function sendAppPage(
  { request, reply }: Exchange,
  deps: HttpDeps,
  of: { path: string; place: AppPlace },
): Promise<FastifyReply> {
  const [html, lock, client] = await Promise.all([
    readWhole(deps, { path: of.path, maxBytes: MAX_PAGE_BYTES }),
    readFile(LOCK, "utf8"),
    readFile(deps.config.appClient, "utf8"),
  ]);
  const page = toAppPage(html.toString("utf8"), [lock, client]);
  reply.type("text/html; charset=utf-8").header("content-security-policy", toAppPolicy(of.place));
  if (request.method === "GET") return reply.send(page);
  return reply.header("content-length", String(Buffer.byteLength(page))).send();
}

function toNothing(message: string): Error {
  return rejected("not-found", message, { field: "path" });
}
