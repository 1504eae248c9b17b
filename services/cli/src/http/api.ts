import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { buffer, text } from "node:stream/consumers";
import { HEALTH_PATH } from "@matrix-os/contracts/api/probes";
import { type Route, type RouteValues, toRouteUrl } from "@matrix-os/contracts/api/route";
import { Failure } from "../failure.ts";
import { toFailure } from "./problem.ts";
import { toUnreachable } from "./unreachable.ts";

/** What goes along with a call. */
export interface Call extends RouteValues {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as they are, instead of `body`. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Longest wait for the head of the answer. */
  readonly timeoutMs?: number;
}

/** The gateway's API. Every refusal is thrown as a `Failure` with a sentence for the owner. */
export interface Api {
  /** Calls a route and answers with its checked JSON reply. */
  readonly call: <Reply>(route: Route<unknown, unknown, Reply>, call?: Call) => Promise<Reply>;
  /** Calls a route and answers with its open body. */
  readonly open: (route: Pick<Route, "method" | "path">, call?: Call) => Promise<IncomingMessage>;
}

/** Where the gateway is and what opens it. */
export interface ApiTarget {
  readonly url: string;
  /** Read when first needed; throws a `Failure` when there is none. */
  readonly readToken: () => Promise<string>;
}

const DEFAULT_TIMEOUT_MS = 35_000;
/** Most bytes of a JSON answer. */
const MAX_REPLY_BYTES = 32_000_000;
const MAX_PROBLEM_BYTES = 64_000;

/** A client of one gateway, one connection a call. `node:http`, because `fetch` blocks some ports and ends quiet streams. */
export function createApi(target: ApiTarget): Api {
  const open: Api["open"] = async (route, call = {}) => {
    const response = await send(target, route, call);
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw toFailure(status, response.headers, (await readAtMost(response, MAX_PROBLEM_BYTES)).toString());
  };
  const call: Api["call"] = async (route, values) => {
    const response = await open(route, values);
    const body = (await readAtMost(response, MAX_REPLY_BYTES)).toString();
    const parsed = route.reply?.safeParse(parseJson(body));
    if (parsed?.success === true) return parsed.data;
    throw unexpectedAnswer(`${route.method} ${route.path}`, parsed?.error);
  };
  return { call, open };
}

/** Asks a probe, which needs no token; answers with its status, head and text, whatever they are. */
export async function probe(
  url: string,
  path: string,
): Promise<{ status: number; date: string | undefined; text: string }> {
  const response = await send(
    { url, readToken: () => Promise.resolve("") },
    { method: "GET", path },
    { timeoutMs: 5_000 },
  );
  return { status: response.statusCode ?? 0, date: response.headers.date, text: await text(response) };
}

async function send(target: ApiTarget, route: Pick<Route, "method" | "path">, call: Call): Promise<IncomingMessage> {
  const token = await readTokenOf(target);
  const url = new URL(target.url + toRouteUrl(route, call));
  const body = call.bytes ?? (call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body)));
  const headers = {
    ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-length": String(body.length), "content-type": toContentType(call) }),
    ...call.headers,
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const start = url.protocol === "https:" ? requestHttps : requestHttp;
  const request = start(url, {
    method: route.method,
    headers,
    agent: false,
    ...(call.signal ? { signal: call.signal } : {}),
  });
  const timer = setTimeout(() => request.destroy(new Error("no answer in time")), call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  request.on("response", resolve).on("error", (cause) => reject(toUnreachable(target.url, cause)));
  request.end(body);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

// Without a token the first question is whether Matrix OS runs at all: its first start makes the token.
async function readTokenOf({ url, readToken }: ApiTarget): Promise<string> {
  try {
    return await readToken();
  } catch (error) {
    await probe(url, HEALTH_PATH);
    throw error;
  }
}

function toContentType(call: Call): string {
  return call.bytes === undefined ? "application/json" : "application/octet-stream";
}

async function readAtMost(response: IncomingMessage, limit: number): Promise<Buffer> {
  let size = 0;
  response.on("data", (part: Buffer) => {
    size += part.length;
    if (size > limit) response.destroy(new Error(`the answer is larger than ${limit} bytes`));
  });
  try {
    return await buffer(response);
  } catch (cause) {
    throw toUnreachable("the gateway", cause);
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function unexpectedAnswer(what: string, cause: unknown): Failure {
  return new Failure(`The gateway's answer to ${what} can't be understood.`, {
    exitCode: 1,
    code: "unexpected-answer",
    remedy: "The gateway and this program may be of different versions. See: matrixos doctor",
    cause,
  });
}
