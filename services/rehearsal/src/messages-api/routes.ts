import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { AppTemplates } from "../app-files/load-app-templates.ts";
import { toAnswerMessage } from "./answer-message.ts";
import { checkConversation } from "./check-conversation.ts";
import { MessagesApiError, parseBody, toMessagesApiError } from "./errors.ts";
import { toEventStream } from "./event-stream.ts";
import { modelList, rehearsalModel, rehearsalModelId } from "./models.ts";
import { countTokensRequest, messagesRequest } from "./schemas.ts";
import { estimateInputTokens } from "./usage.ts";

/** What the routes need from outside. */
export interface MessagesApiDeps {
  templates: AppTemplates;
  delayMs: number;
}

/**
 * The Messages API as far as a kernel uses it. Any credentials and any API version are accepted, since there is nothing
 * to protect or to bill. Every answer carries `request-id`; every failure the API's error body.
 */
export function addMessagesApi(server: FastifyInstance, { templates, delayMs }: MessagesApiDeps): void {
  server.addHook("onRequest", async (_request, reply) => {
    reply.header("request-id", `req_${randomUUID().replaceAll("-", "")}`);
  });
  server.setErrorHandler((error, _request, reply) => sendError(reply, toMessagesApiError(error)));
  server.setNotFoundHandler((request, reply) =>
    sendError(reply, new MessagesApiError("not_found_error", `no route ${request.method} ${request.url}`)),
  );

  server.post("/v1/messages", (request, reply) => {
    const prompt = parseBody(messagesRequest, request.body);
    checkModel(prompt.model);
    checkConversation(prompt);
    const message = toAnswerMessage(prompt, templates);
    if (!prompt.stream) return reply.send(message);
    reply.header("content-type", "text/event-stream; charset=utf-8").header("cache-control", "no-store");
    return reply.send(Readable.from(toEventStream(message, { delayMs })));
  });

  server.post("/v1/messages/count_tokens", (request, reply) => {
    const prompt = parseBody(countTokensRequest, request.body);
    checkModel(prompt.model);
    return reply.send({ input_tokens: estimateInputTokens(prompt) });
  });

  server.get("/v1/models", (_request, reply) => reply.send(modelList));
  server.get<{ Params: { id: string } }>("/v1/models/:id", (request, reply) => {
    checkModel(request.params.id);
    return reply.send(rehearsalModel);
  });
}

function checkModel(id: string): void {
  if (id !== rehearsalModelId) throw new MessagesApiError("not_found_error", `model: ${id}`);
}

function sendError(reply: FastifyReply, error: MessagesApiError): FastifyReply {
  return reply.status(error.status).send(error.body);
}
