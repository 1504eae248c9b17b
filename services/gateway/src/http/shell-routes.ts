import { rejected } from "@matrix-os/contracts/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Encoding, ShellFile } from "../disk/shell-files.ts";
import { describeModel } from "../nats/describe-model.ts";
import { readEntityTags } from "./entity-tags.ts";
import { findCaller } from "./find-caller.ts";
import { toHomePage, toLoginPage } from "./home-page.ts";
import type { HttpDeps, ServerAddress } from "./http-deps.ts";
import { sendPage } from "./send-page.ts";

/** The build names these by their content. */
const ASSETS = "assets/";
const FOREVER = "private, max-age=31536000, immutable";
const hidden = { schema: { hide: true } };

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Serves the shell: its page (to strangers the login page) and the files it is made of. */
export function addShellRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const method = ["GET", "HEAD"];
  app.route({
    ...hidden,
    method,
    url: "/",
    handler: async (request, reply) => sendIndex({ request, reply }, deps),
  });
  app.route({
    ...hidden,
    method,
    url: `/${ASSETS}*`,
    handler: async (request, reply) => sendAsset({ request, reply }, deps, `${ASSETS}${readParam(request, "*")}`),
  });
  app.route({
    ...hidden,
    method,
    url: "/:file(^[a-z0-9-]+\\.[a-z0-9]+$)",
    handler: async (request, reply) => sendAsset({ request, reply }, deps, readParam(request, "file")),
  });
}

async function sendIndex(exchange: Exchange, deps: HttpDeps): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const caller = await findCaller(request, deps);
  if (typeof caller === "string") return sendPage(reply, 401, toLoginPage("asked"));
  const index = await deps.shell.find("index.html");
  if (index === undefined) return await sendHomePage(reply, deps);
  reply.header("content-security-policy", toShellPolicy(deps.address, request.headers.host ?? ""));
  return sendFile(exchange, index, "no-cache");
}

/** What there is to see when no shell was built. */
async function sendHomePage(reply: FastifyReply, deps: HttpDeps): Promise<FastifyReply> {
  const [{ model, provider }, missing] = await Promise.all([describeModel(deps.bus), deps.readiness.findMissing()]);
  const { version } = deps;
  return sendPage(
    reply,
    200,
    toHomePage({ version, model, rehearsal: provider === "rehearsal", home: deps.config.home, missing }),
  );
}

async function sendAsset(exchange: Exchange, deps: HttpDeps, path: string): Promise<FastifyReply> {
  const file = path === "index.html" ? undefined : await deps.shell.find(path);
  if (file === undefined) throw rejected("not-found", "the shell has no such file", { field: "path" });
  return sendFile(exchange, file, path.startsWith(ASSETS) ? FOREVER : "no-cache");
}

function sendFile({ request, reply }: Exchange, file: ShellFile, cacheControl: string): FastifyReply {
  reply.headers({ "cache-control": cacheControl, etag: file.etag, vary: "accept-encoding" }).type(file.type);
  const known = readEntityTags(request.headers["if-none-match"], "weak");
  if (known === "any" || known?.includes(file.etag.slice(1, -1))) return reply.code(304).send();
  const encoding = chooseEncoding(request.headers["accept-encoding"] ?? "", file);
  if (encoding !== "identity") reply.header("content-encoding", encoding);
  const body = file.bodies[encoding] ?? file.bodies.identity;
  reply.header("content-length", String(body.length));
  return reply.send(request.method === "HEAD" ? undefined : body);
}

function chooseEncoding(accepted: string, file: ShellFile): Encoding {
  const names = accepted
    .split(",")
    .map((item) => item.trim().toLowerCase())
    .filter((item) => !/;\s*q=0(\.0*)?$/.test(item))
    .map((item) => item.split(";")[0]?.trim());
  return (
    (["br", "gzip"] as const).find((name) => names.includes(name) && file.bodies[name] !== undefined) ?? "identity"
  );
}

/** Only its own built files run, it talks only to this gateway, and only the apps host may stand in a frame. */
function toShellPolicy({ scheme, appsUrl }: ServerAddress, host: string): string {
  const own = `${scheme}://${host}`;
  return [
    "default-src 'none'",
    `script-src ${own}/${ASSETS}`,
    `style-src ${own}/${ASSETS}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    `connect-src 'self' ${own.replace("http", "ws")}`,
    `frame-src ${appsUrl}/a/`,
    "manifest-src 'self'",
    "worker-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function readParam(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}
