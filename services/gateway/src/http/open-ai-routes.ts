import { randomUUID } from "node:crypto";
import { rejected } from "@matrix-os/contracts/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { describeModel } from "../nats/describe-model.ts";
import { acceptText } from "../nats/accept-text.ts";
import { type ChatRequest, chatRequest, toChatInput } from "../openai/chat-request.ts";
import { toSessionName } from "../openai/to-session-name.ts";
import { answerAtOnce, answerInParts } from "./chat-answers.ts";
import type { HttpDeps } from "./http-deps.ts";
import { readIdempotencyKey } from "./message-routes.ts";
import { originOf } from "./origin-of.ts";
import { createSlots } from "./slots.ts";
import { takeMessage } from "./take-message.ts";

const MAX_ANSWERS = 500;
/** The name under which a client may always ask, whatever model thinks. */
const OWN_MODEL = "matrix-os";

/** Serves the part of OpenAI's API that chat clients need: `POST /v1/chat/completions`, `GET /v1/models`. */
export function addOpenAiRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const slots = createSlots(MAX_ANSWERS, "chat completions");
  const schema = { summary: "OpenAI-compatible chat completions", tags: ["openai"], body: chatRequest };
  app.post("/v1/chat/completions", { schema }, async (request, reply) => {
    takeMessage(request, deps);
    using _slot = toDisposable(slots.take());
    return await complete({ request, reply }, deps, request.body as ChatRequest);
  });
  app.get("/v1/models", { schema: { summary: "OpenAI-compatible list of models", tags: ["openai"] } }, async () => {
    return { object: "list", data: await listModels(deps) };
  });
  app.route({
    method: "GET",
    url: "/v1/models/:model",
    schema: { summary: "One model", tags: ["openai"], params: z.object({ model: z.string() }) },
    handler: async (request) => findModel(deps, (request.params as { model: string }).model),
  });
}

async function findModel(deps: HttpDeps, model: string) {
  const found = (await listModels(deps)).find(({ id }) => id === model);
  if (found === undefined) throw rejected("not-found", "no such model", { field: "model" });
  return found;
}

async function complete(
  exchange: { request: FastifyRequest; reply: FastifyReply },
  deps: HttpDeps,
  body: ChatRequest,
): Promise<FastifyReply> {
  const { request } = exchange;
  const { text, context } = toChatInput(body);
  const name = readSessionKey(request) ?? body.user ?? "";
  const accepted = await acceptText(deps.bus, {
    origin: originOf(request),
    channel: "api",
    text,
    nativeId: readIdempotencyKey(request) ?? randomUUID(),
    // A named session remembers; without a name the client does, and sends it along.
    // Such a client waits for an answer to each of its messages.
    mode: "followup",
    ...(name === "" ? { context } : { session: toSessionName(name) }),
  });
  const head = { id: `chatcmpl-${accepted.message}`, created: Math.floor(Date.now() / 1_000), model: body.model };
  exchange.reply.header("x-session-key", accepted.session);
  const answering = { ...exchange, deps, head, turn: accepted };
  if (body.stream !== true) return await answerAtOnce(answering);
  return await answerInParts(answering, body.stream_options?.include_usage === true);
}

function readSessionKey(request: FastifyRequest): string | undefined {
  const value = request.headers["x-session-key"];
  return typeof value === "string" && value !== "" ? value : undefined;
}

async function listModels(deps: HttpDeps) {
  const { model } = await describeModel(deps.bus);
  const created = Math.floor(deps.startedAtMs / 1_000);
  const ids = new Set([OWN_MODEL, ...(model === "unknown" ? [] : [model])]);
  return [...ids].map((id) => ({ id, object: "model", created, owned_by: OWN_MODEL }));
}

function toDisposable(dispose: () => void): Disposable {
  return { [Symbol.dispose]: dispose };
}
