import { PROBLEM_MEDIA_TYPE, problem } from "@matrix-os/contracts/api/problem";
import type { Route } from "@matrix-os/contracts/api/route";
import { token } from "@matrix-os/contracts/values";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";

/** One call of a route, checked. */
export interface Call<Query, Body> {
  readonly query: Query;
  readonly body: Body;
  readonly params: Readonly<Record<string, string>>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Serves a route of the API contract with JSON; what the handler throws becomes a problem. */
export function serveRoute<Query, Body, Reply>(
  app: FastifyInstance,
  route: Route<Query, Body, Reply>,
  handler: (call: Call<Query, Body>) => Promise<Reply>,
): void {
  app.route({
    method: route.method,
    url: route.path,
    schema: toSchema(route),
    handler: async (request, reply) => {
      reply.code(route.status);
      const answer = await handler(toCall(request, reply));
      return route.reply === undefined ? reply.send() : answer;
    },
  });
}

/** Serves a route whose handler writes the answer itself (bytes, event streams). */
export function serveRaw<Query, Body, Reply>(
  app: FastifyInstance,
  route: Route<Query, Body, Reply> & { readonly produces: string },
  handler: (call: Call<Query, Body>) => Promise<FastifyReply>,
): void {
  const produced = {
    [route.status]: { description: route.summary, content: { [route.produces]: { schema: z.string() } } },
  };
  app.route({
    method: route.method,
    url: route.path,
    schema: { ...toSchema(route), response: { ...produced, default: problemResponse } },
    handler: async (request, reply) => await handler(toCall(request, reply)),
  });
}

const problemResponse = { description: "A problem", content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } } };

function toSchema<Query, Body, Reply>(route: Route<Query, Body, Reply>): Record<string, unknown> {
  const names = [...route.path.matchAll(/:([a-z]+)/g)].map((match) => match[1] ?? "");
  const rest = route.path.endsWith("*")
    ? { "*": z.string().describe("A path in the home, each name percent-encoded") }
    : {};
  const params = { ...Object.fromEntries(names.map((name) => [name, token])), ...rest };
  return {
    summary: route.summary,
    tags: [route.path.split("/")[3] ?? "api"],
    ...(Object.keys(params).length === 0 ? {} : { params: z.object(params) }),
    ...(route.query === undefined ? {} : { querystring: route.query }),
    ...(route.body === undefined ? {} : { body: route.body }),
    response: { [route.status]: route.reply ?? z.void(), default: problemResponse },
  };
}

function toCall<Query, Body>(request: FastifyRequest, reply: FastifyReply): Call<Query, Body> {
  return {
    query: request.query as Query,
    body: request.body as Body,
    params: request.params as Record<string, string>,
    request,
    reply,
  };
}
