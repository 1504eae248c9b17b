import type { KeyedContract } from "@matrix-os/contracts/define";
import { toOsError } from "@matrix-os/contracts/errors";
import type { Msg, Subscription } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { fromHeaders } from "./envelope.ts";
import type { MessageContext, Observe } from "./handled.ts";
import { parseBody } from "./request.ts";
import { withTrace } from "./trace.ts";

/** A live listener: every process hears every message, in order, while it is connected. */
export interface Following<Body> {
  readonly contract: KeyedContract<string, Body>;
  readonly key?: string | undefined;
  readonly handler: (body: Body, context: MessageContext) => Promise<void> | void;
  readonly observe: Observe;
  readonly signal: AbortSignal;
}

/** Messages of one contract that one process handles at a time; more are dropped, as if it had been disconnected. */
const MAX_IN_FLIGHT = 1_024;

/** Listens live. Lossy across disconnects: numbers in the bodies tell a listener that it missed something. */
export function subscribeFollow<Body>(connection: Connection, follow: Following<Body>): Subscription {
  const subject = follow.key === undefined ? follow.contract.anyKey : follow.contract.subject(follow.key);
  let inFlight = 0;
  return connection.nats.subscribe(subject, {
    callback: (error, message) => {
      if (error !== null && error !== undefined) return;
      if (inFlight >= MAX_IN_FLIGHT) return;
      inFlight += 1;
      void hear(message, follow).finally(() => {
        inFlight -= 1;
      });
    },
  });
}

async function hear<Body>(message: Msg, follow: Following<Body>): Promise<void> {
  const trace = fromHeaders(message.headers);
  const startedAt = performance.now();
  const key = message.subject.slice(message.subject.lastIndexOf(".") + 1);
  try {
    const body = parseBody(follow.contract.body, message);
    await withTrace(trace, () => follow.handler(body, { key, signal: follow.signal, attempt: 1 }));
    follow.observe({
      contract: follow.contract.id,
      key,
      trace,
      durationMs: performance.now() - startedAt,
      outcome: "done",
    });
  } catch (thrown) {
    const error = toOsError(thrown);
    follow.observe({
      contract: follow.contract.id,
      key,
      trace,
      durationMs: performance.now() - startedAt,
      outcome: "dead",
      error,
    });
  }
}
