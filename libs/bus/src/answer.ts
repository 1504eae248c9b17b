import type { RequestContract } from "@matrix-os/contracts/define";
import { type OsError, fromErrorBody, toErrorBody, toOsError, unavailable } from "@matrix-os/contracts/errors";
import type { Msg, Subscription } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { encodeBody, encodeError, fromHeaders } from "./envelope.ts";
import type { MessageContext, Observe } from "./handled.ts";
import type { EndpointStats } from "./micro.ts";
import { parseBody } from "./request.ts";
import { withTrace } from "./trace.ts";

/** Requests of one contract that one process works on at a time; more are refused as `busy`. */
const MAX_IN_FLIGHT = 512;

/** What an answering subscription needs to know. */
export interface Answering<Request, Reply> {
  readonly contract: RequestContract<Request, Reply>;
  readonly service: string;
  readonly handler: (request: Request, context: MessageContext) => Promise<Reply>;
  readonly observe: Observe;
  readonly signal: AbortSignal;
  readonly stats: EndpointStats;
}

/** Answers a request contract as one of the queue group of its service. A handler's error becomes the reply. */
export function subscribeAnswer<Request, Reply>(connection: Connection, to: Answering<Request, Reply>): Subscription {
  let inFlight = 0;
  return connection.nats.subscribe(to.contract.subject, {
    queue: to.service,
    callback: (error, message) => {
      if (error !== null && error !== undefined) return;
      if (inFlight >= MAX_IN_FLIGHT) return refuseBusy(message, to);
      inFlight += 1;
      void answerOne(message, to).finally(() => {
        inFlight -= 1;
      });
    },
  });
}

/** Counted, but not logged: a flood must not become a flood of lines. */
function refuseBusy<Request, Reply>(message: Msg, to: Answering<Request, Reply>): void {
  const error = unavailable("busy", `${to.contract.id} is busy`, { retryAfterMs: 200 });
  to.stats.count(0, error);
  refuse(message, error);
}

async function answerOne<Request, Reply>(message: Msg, to: Answering<Request, Reply>): Promise<void> {
  const trace = fromHeaders(message.headers);
  const startedAt = performance.now();
  const failure = await withTrace(trace, () => respond(message, to));
  const durationMs = performance.now() - startedAt;
  to.stats.count(durationMs, failure);
  to.observe({
    contract: to.contract.id,
    key: undefined,
    trace,
    durationMs,
    outcome: failure === undefined ? "done" : "refused",
    ...(failure === undefined ? {} : { error: failure }),
  });
}

async function respond<Request, Reply>(message: Msg, to: Answering<Request, Reply>): Promise<OsError | undefined> {
  try {
    const request = parseBody(to.contract.request, message);
    const reply = await to.handler(request, { key: "", signal: to.signal, attempt: 1 });
    message.respond(encodeBody(reply));
    return undefined;
  } catch (thrown) {
    const error = toOsError(thrown);
    refuse(message, error);
    return error;
  }
}

function refuse(message: Msg, error: OsError): void {
  const { headers, body } = encodeError(fromErrorBody(toErrorBody(error)));
  message.respond(body, { headers });
}
