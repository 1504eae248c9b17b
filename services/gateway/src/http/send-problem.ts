import { PROBLEM_MEDIA_TYPE } from "@matrix-os/contracts/api/problem";
import type { FastifyReply, FastifyRequest } from "fastify";
import { toOpenAiError } from "../openai/to-openai-error.ts";
import type { HttpDeps } from "./http-deps.ts";
import { type HttpProblem, toHttpProblem, toProblemBody } from "./to-http-problem.ts";

/** Answers a failure in the form that the route's clients know; our own bugs go to the log with their cause. */
export function sendFailure(
  thrown: unknown,
  exchange: { request: FastifyRequest; reply: FastifyReply },
  deps: HttpDeps,
): FastifyReply {
  const problem = toHttpProblem(thrown);
  if (problem.status >= 500 && problem.body.kind === "broken") {
    deps.log.error({ err: thrown, correlation: exchange.request.trace?.correlation }, "request failed");
  }
  const message = deps.redact(problem.body.message);
  return sendProblem({ ...problem, body: { ...problem.body, message } }, exchange);
}

/** Answers a problem; `/v1` speaks OpenAI's form. */
export function sendProblem(
  problem: HttpProblem,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const { status, body } = problem;
  if (body.retryAfterMs !== undefined)
    reply.header("retry-after", String(Math.max(1, Math.ceil(body.retryAfterMs / 1_000))));
  if (status === 401) reply.header("www-authenticate", 'Bearer realm="matrix-os"');
  reply.code(status);
  if (isOpenAiPath(request.url))
    return reply
      .type("application/json")
      .serializer(asIs)
      .send(JSON.stringify(toOpenAiError(body)));
  return reply
    .type(PROBLEM_MEDIA_TYPE)
    .serializer(asIs)
    .send(JSON.stringify(toProblemBody(problem)));
}

function isOpenAiPath(url: string): boolean {
  return url === "/v1" || url.startsWith("/v1/");
}

function asIs(payload: unknown): string {
  return String(payload);
}
