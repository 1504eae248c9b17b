import { rejected } from "@matrix-os/contracts/errors";
import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./http-deps.ts";
import { sendFailure, sendProblem } from "./send-problem.ts";
import { toHttpProblem } from "./to-http-problem.ts";

interface KnownRoute {
  readonly method: string;
  readonly pattern: RegExp;
}

/** Answers what no route fits: 405 with `Allow` when another method would, else 404. Must be added before the routes. */
export function addNotFound(app: FastifyInstance, deps: HttpDeps): void {
  const known: KnownRoute[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) known.push({ method: each, pattern: toPattern(url) });
  });
  app.setErrorHandler((error, request, reply) => sendFailure(error, { request, reply }, deps));
  app.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.split("?");
    const allowed = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (allowed.length === 0) {
      return sendProblem(toHttpProblem(rejected("not-found", "no such route", { field: "path" })), { request, reply });
    }
    reply.header("allow", [...new Set(allowed)].join(", "));
    const { body } = toHttpProblem(rejected("invalid", `${request.method} is not allowed here`, { field: "method" }));
    return sendProblem({ status: 405, body }, { request, reply });
  });
}

function toPattern(url: string): RegExp {
  const parts = url
    .split("/")
    .map((part) => (part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")));
  return new RegExp(`^${parts.join("/")}$`);
}
