import { readFile } from "node:fs/promises";
import swagger from "@fastify/swagger";
import { type FastifyInstance, fastify } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { limits } from "../auth/limits.ts";
import type { GatewayConfig } from "../config.ts";
import { addActivityRoutes } from "./activity-routes.ts";
import { addAppFileRoutes } from "./app-file-routes.ts";
import { addAppHostRoutes } from "./app-host-routes.ts";
import { addAppRoutes } from "./app-routes.ts";
import { addApprovalRoutes } from "./approval-routes.ts";
import { addFileReadRoutes } from "./file-read-routes.ts";
import { addFileWriteRoutes } from "./file-write-routes.ts";
import { addGuard, beginAnswer } from "./guard.ts";
import { addHistoryRoutes } from "./history-routes.ts";
import type { HttpDeps } from "./http-deps.ts";
import { addLoginRoutes } from "./login-routes.ts";
import { addMessageRoutes } from "./message-routes.ts";
import { addNotFound } from "./not-found.ts";
import { addOpenAiRoutes } from "./open-ai-routes.ts";
import { addPageRoutes } from "./page-routes.ts";
import { addSecretRoutes } from "./secret-routes.ts";
import { sendFailure } from "./send-problem.ts";
import { addSessionEventRoutes } from "./session-event-routes.ts";
import { addSessionRoutes } from "./session-routes.ts";
import { addShellRoutes } from "./shell-routes.ts";
import { addSlowClientGuard } from "./slow-clients.ts";
import { addSocketRoute, addSockets } from "./socket-route.ts";
import { addStatusRoutes } from "./status-routes.ts";
import { addTokenRoutes } from "./token-routes.ts";

/** The HTTP server with every route, not listening yet. */
export async function createServer(deps: HttpDeps): Promise<FastifyInstance> {
  const app = await createApp(deps);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  addJsonParser(app);
  addRequestLog(app, deps);
  await addSockets(app);
  addSlowClientGuard(app, deps.config.slowClientMs);
  addGuard(app, deps);
  addNotFound(app, deps);
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Matrix OS", version: deps.version } },
    transform: jsonSchemaTransform,
  });
  addMessageRoutes(app, deps);
  addSessionRoutes(app, deps);
  addApprovalRoutes(app, deps);
  addSessionEventRoutes(app, deps);
  addFileReadRoutes(app, deps);
  addFileWriteRoutes(app, deps);
  addHistoryRoutes(app, deps);
  addStatusRoutes(app, deps);
  addActivityRoutes(app, deps);
  addLoginRoutes(app, deps);
  addSecretRoutes(app, deps);
  addTokenRoutes(app, deps);
  addOpenAiRoutes(app, deps);
  addPageRoutes(app, deps);
  addShellRoutes(app, deps);
  addAppRoutes(app, deps);
  addAppFileRoutes(app, deps);
  addAppHostRoutes(app, deps);
  addSocketRoute(app, deps);
  await app.ready();
  return app;
}

async function createApp(deps: HttpDeps): Promise<FastifyInstance> {
  const tls = await readTls(deps.config);
  const { slowClientMs } = deps.config;
  const bounds = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: slowClientMs,
    connectionsCheckingInterval: Math.ceil(slowClientMs / 2),
  };
  const app = fastify({
    ...(tls === undefined ? { http: bounds } : { https: { ...tls, ...bounds } }),
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: slowClientMs,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2_000 },
    frameworkErrors: (error, request, reply) => {
      // No hook runs for an address that is none.
      beginAnswer(request, reply, deps.address.scheme);
      void sendFailure(error, { request, reply }, deps);
    },
  }) as unknown as FastifyInstance;
  app.server.maxConnections = limits.connections;
  return app;
}

async function readTls(config: GatewayConfig): Promise<{ cert: Buffer; key: Buffer } | undefined> {
  if (config.tls === undefined) return undefined;
  const [cert, key] = await Promise.all([readFile(config.tls.certPath), readFile(config.tls.keyPath)]);
  return { cert, key };
}

/** JSON only; an empty body is no body, so that `curl -X POST` with a JSON header works where none is needed. */
function addJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") return done(null);
    return parse(request, String(body), done);
  });
}

function addRequestLog(app: FastifyInstance, deps: HttpDeps): void {
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    const level = route.endsWith("z") && reply.statusCode < 400 ? "debug" : "info";
    deps.log[level](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 100) / 100,
        correlation: request.trace?.correlation,
      },
      "request handled",
    );
  });
}
