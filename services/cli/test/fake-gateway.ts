import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the program under test has sent it. */
export interface Received {
  readonly route: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Answer = (response: ServerResponse, received: Received, count: number) => void;

/** A gateway that answers what a test tells it to, by `METHOD path`; everything else is a 404 problem. */
export interface FakeGateway extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** Sets what a route answers; `count` is how often it was asked before. */
  readonly on: (route: string, answer: Answer | object) => void;
}

export const session = "s_1";
export const turn = "t_1";
export const at = "2026-11-24T12:00:00.000Z";

/** Starts a gateway on a free port, or on the given one. */
export async function startFakeGateway(port = 0): Promise<FakeGateway> {
  const answers = new Map<string, Answer>();
  const received: Received[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const url = new URL(request.url ?? "/", "http://fake");
    const route = `${request.method ?? ""} ${url.pathname}`;
    const told = { route, query: url.searchParams, headers: request.headers, body };
    const count = received.filter((one) => one.route === route).length;
    received.push(told);
    (answers.get(route) ?? notFound)(response, told, count);
  };
  const server = createServer((request, response) => void handle(request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const listening = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    received,
    on: (route, answer) => {
      answers.set(route, typeof answer === "function" ? (answer as Answer) : (response) => sendJson(response, answer));
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export function sendProblem(
  response: ServerResponse,
  status: number,
  problem: { code: string; detail: string; field?: string },
): void {
  const body = { type: `urn:matrix-os:error:${problem.code}`, title: "Refused.", status, ...problem };
  response.writeHead(status, { "content-type": "application/problem+json", "x-correlation-id": "c_42" });
  response.end(JSON.stringify(body));
}

/** Makes `POST /messages` accept, and gives each connection to the events of the session to `play`. */
export function acceptMessages(gateway: FakeGateway, play: (stream: EventStream, count: number) => void): void {
  gateway.on("POST /api/v1/messages", (response: ServerResponse) =>
    sendJson(response, { session, message: turn, duplicate: false }, 202),
  );
  watchEvents(gateway, play);
}

/** Gives each connection to the events of the session to `play`. */
function watchEvents(gateway: FakeGateway, play: (stream: EventStream, count: number) => void): void {
  gateway.on(`GET /api/v1/sessions/${session}/events`, (response: ServerResponse, _received: Received, count: number) =>
    play(openEventStream(response), count),
  );
}

/** Writes session events as the gateway does. */
export interface EventStream {
  readonly event: (cursor: string, event: object) => void;
  readonly delta: (step: number, number: number, text: string) => void;
  readonly finish: (cursor: string, end?: object) => void;
  readonly raw: (text: string) => void;
  readonly end: () => void;
  /** Breaks this connection. */
  readonly drop: () => void;
}

function openEventStream(response: ServerResponse): EventStream {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(": hello\n\n");
  const raw = (written: string): void => void response.write(written);
  const event = (cursor: string, body: object): void => {
    const whole = { cursor, session, turn, at, ...body };
    raw(`id: ${cursor}\nevent: ${"type" in whole ? String(whole.type) : ""}\ndata: ${JSON.stringify(whole)}\n\n`);
  };
  return {
    event,
    raw,
    delta: (step, number, written) =>
      raw(`event: delta\ndata: ${JSON.stringify({ session, turn, step, number, text: written })}\n\n`),
    finish: (cursor, end = {}) =>
      event(cursor, { type: "finished", status: "done", id: `${turn}.assistant`, text: "", ...end }),
    end: () => void response.end(),
    drop: () => void response.destroy(),
  };
}

function notFound(response: ServerResponse, { route }: Received): void {
  sendProblem(response, 404, { code: "not-found", detail: `there is no ${route}` });
}

/** The JSON bodies of what was posted. */
export function postedTo(gateway: FakeGateway): Record<string, unknown>[] {
  return gateway.received
    .filter(({ route }) => route.startsWith("POST"))
    .map(({ body }) => JSON.parse(body || "{}") as Record<string, unknown>);
}
