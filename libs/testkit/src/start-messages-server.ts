import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "./eventually.ts";
import { type ScriptedAnswer, text } from "./messages/answers.ts";
import { playAnswer } from "./messages/play-answer.ts";
import { type MessagesRequest, checkRequest } from "./messages/check-request.ts";

/** A request as it came. */
export interface RecordedRequest {
  readonly body: MessagesRequest;
  readonly headers: IncomingMessage["headers"];
  readonly at: number;
}

/** Answers in order, the last one again and again; or a rule. */
export type Script = readonly ScriptedAnswer[] | ((request: MessagesRequest, n: number) => ScriptedAnswer);

/** A server of the Messages API that says what the test wants. */
export interface MessagesServer extends AsyncDisposable {
  readonly url: string;
  /** Accepted calls of the model, in order. */
  readonly requests: RecordedRequest[];
  /** Changes what is answered from the next call on. */
  readonly play: (script: Script) => void;
  /** Resolves when so many calls have come. */
  readonly untilAsked: (count: number) => Promise<void>;
}

const MAX_BODY_BYTES = 33_554_432;

/** Starts a scripted Messages API on a loopback port. Strict: what the real API refuses with 400 is refused here, too. */
export async function startMessagesServer(script: Script = [text("ok")]): Promise<MessagesServer> {
  const state: State = { script, requests: [], played: 0 };
  const server = createServer((request, response) => {
    answer(request, response, state).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    play: (next) => {
      state.script = next;
      state.played = 0;
    },
    untilAsked: async (count) => {
      await eventually(() => state.requests.length >= count, { withinMs: 15_000 });
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

interface State {
  script: Script;
  played: number;
  readonly requests: RecordedRequest[];
}

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const path = (request.url ?? "").split("?")[0];
  if (!isKnown(request))
    return refuse(response, 401, { type: "authentication_error", message: "x-api-key or a bearer token is required" });
  if (request.method === "GET" && path === "/v1/models") {
    return sendJson(response, 200, {
      data: [{ type: "model", id: "scripted-1", display_name: "Scripted" }],
      has_more: false,
    });
  }
  if (request.method !== "POST" || path !== "/v1/messages")
    return refuse(response, 404, { type: "not_found_error", message: `no ${path}` });
  const { body, problem } = checkRequest(await readBody(request));
  if (problem !== undefined) return refuse(response, 400, { type: "invalid_request_error", message: problem });
  state.requests.push({ body, headers: request.headers, at: performance.now() });
  await playAnswer(nextAnswer(state, body), body, response);
}

function nextAnswer(state: State, body: MessagesRequest): ScriptedAnswer {
  const n = state.played;
  state.played += 1;
  if (typeof state.script === "function") return state.script(body, n);
  return state.script[n] ?? state.script.at(-1) ?? text("ok");
}

function isKnown({ headers }: IncomingMessage): boolean {
  return (headers["x-api-key"] ?? "") !== "" || /^Bearer \S+$/.test(headers.authorization ?? "");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function refuse(response: ServerResponse, status: number, error: { type: string; message: string }): void {
  sendJson(response, status, { type: "error", error });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
