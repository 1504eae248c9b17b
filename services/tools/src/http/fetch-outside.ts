import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { OsError, rejected, unavailable } from "@matrix-os/contracts/errors";
import { type Reach, type Target, findTarget, whyNotReachable } from "../address/find-target.ts";
import { webLimits } from "../web/web-limits.ts";
import { type Outside, findAddress } from "./outside.ts";
import { readBody, readableEncodings } from "./read-body.ts";

/** One request that left the machine. */
export interface Hop {
  readonly host: string;
  /** Not set when no answer came. */
  readonly status: number | undefined;
  readonly bytes: number;
}

/** What a fetch is given. */
export interface FetchOptions {
  readonly world: Outside;
  readonly reach: Reach;
  readonly signal: AbortSignal;
  readonly onHop: (hop: Hop) => void;
  readonly headers?: Readonly<Record<string, string>>;
  /** 0: a redirect is the answer. */
  readonly redirects?: number;
  readonly wholeMs?: number;
}

/** What came at the end of all redirects. */
export interface Fetched {
  readonly url: URL;
  readonly host: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

type Place = Exclude<Target, { refusal: string }>;

/**
 * GET, without cookies, credentials or a proxy. Each hop is checked anew, and the connection goes to the very address that was
 * checked; a certificate must be the host's. Errors: `denied`, `invalid`, `too-large`, `unreadable`, `unreachable`, `timed-out`.
 */
export async function fetchOutside(text: string, options: FetchOptions): Promise<Fetched> {
  const timeout = AbortSignal.timeout(options.wholeMs ?? webLimits.wholeMs);
  const signal = AbortSignal.any([timeout, options.signal]);
  try {
    return await follow(text, { ...options, signal });
  } catch (thrown) {
    if (timeout.aborted) throw unavailable("timed-out", "the page did not come in time", { cause: thrown });
    if (thrown instanceof OsError) throw thrown;
    const reason = thrown instanceof Error ? ((thrown as NodeJS.ErrnoException).code ?? thrown.message) : "";
    throw unavailable("unreachable", `the page can't be reached: ${reason}`.slice(0, 200), { cause: thrown });
  }
}

async function follow(text: string, options: FetchOptions): Promise<Fetched> {
  const most = options.redirects ?? webLimits.redirects;
  let next = text;
  for (let hop = 0; hop <= most; hop += 1) {
    const target = findTarget(next, options.reach);
    if ("refusal" in target) throw refused(target.refusal, hop);
    const done = await ask(target, hop, options);
    if ("fetched" in done) return done.fetched;
    next = done.location;
  }
  throw refused(`it leads from address to address more than ${most} times`, most);
}

async function ask(
  target: Place,
  hop: number,
  options: FetchOptions,
): Promise<{ fetched: Fetched } | { location: string }> {
  const address = await toCheckedAddress(target, hop, options);
  let status: number | undefined;
  let bytes = 0;
  try {
    const response = await send(target, address, options);
    status = response.statusCode ?? 0;
    const location = toLocation(response, target.url);
    if (location !== undefined && options.redirects !== 0) {
      response.destroy();
      return { location };
    }
    const body = await readBody(response, webLimits.bodyBytes, (more) => (bytes += more));
    const contentType = (response.headers["content-type"] ?? "").slice(0, 200);
    return { fetched: { url: target.url, host: target.host, status, contentType, body } };
  } finally {
    options.onHop({ host: target.url.host, status, bytes });
  }
}

async function toCheckedAddress(place: Place, hop: number, { world, reach, signal }: FetchOptions): Promise<string> {
  const { host } = place;
  if (isIP(host) !== 0) return host;
  const found = await orAborted(
    findAddress(host, world, (address) => whyNotReachable(address, place, reach)),
    signal,
  );
  if ("refusal" in found) throw refused(found.refusal, hop);
  return found.address;
}

/** A name that is resolved can't be stopped, only left alone. */
function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

function send(target: Place, address: string, options: FetchOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = request({
      method: "GET",
      path: `${target.url.pathname}${target.url.search}`,
      headers: {
        host: target.url.host,
        "user-agent": "matrix-os",
        accept: "text/html, application/xhtml+xml, text/*, application/json, application/xml;q=0.9, */*;q=0.1",
        "accept-encoding": readableEncodings,
        ...options.headers,
        connection: "close",
      },
      maxHeaderSize: webLimits.headerBytes,
      signal: options.signal,
      createConnection: () => connect(target, address, options.world),
    });
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
    outgoing.end();
  });
}

function connect({ url, host, port }: Place, address: string, world: Outside): ReturnType<Outside["dial"]> {
  const socket = world.dial(address, port);
  if (url.protocol === "http:") return socket;
  // The certificate is held against the name that was asked for, not against the address.
  const secure = connectTls({ socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
  socket.once("error", (error) => secure.destroy(error));
  return secure;
}

function toLocation(response: IncomingMessage, from: URL): string | undefined {
  const { location } = response.headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(response.statusCode ?? 0)) return undefined;
  // What can't be read is refused by the next check.
  return URL.parse(location, from.href)?.href ?? location;
}

function refused(why: string, hop: number): Error {
  return rejected("denied", `${hop === 0 ? "" : "after a redirect: "}${why}`, { field: "url" });
}
