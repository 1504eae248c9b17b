import type { Msg, MsgHdrs } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";

const NANOS_PER_MS = 1_000_000;
const CONFIRM_WITHIN_MS = 3_000;
/** Tokens of the longer form of an acknowledgement's subject, which names domain and account, too. */
const LONG_FORM_TOKENS = 11;

/** One message of a durable consumer in the hands of this process, until it is acknowledged, given back or given up. */
export interface Delivery {
  readonly subject: string;
  readonly headers: MsgHdrs | undefined;
  readonly data: Uint8Array;
  readonly string: () => string;
  /** 1 on first delivery. */
  readonly attempt: number;
  /** Done; true when the broker confirmed it. */
  readonly acknowledge: () => Promise<boolean>;
  /** Not done: somebody may have it after `delayMs`. */
  readonly giveBack: (delayMs: number) => void;
  /** Never again. */
  readonly giveUp: (reason: string) => void;
  /** Starts the lease anew; true when the broker confirmed it. */
  readonly renew: (withinMs: number) => Promise<boolean>;
}

/** Wraps a message that a consumer delivered. */
export function toDelivery(connection: Connection, message: Msg): Delivery {
  const say = (what: string): void => {
    if (connection.isUp()) message.respond(what);
  };
  const ask = (what: string, timeoutMs: number): Promise<boolean> =>
    connection.nats.request(message.reply ?? "", what, { timeout: timeoutMs }).then(
      () => true,
      () => false,
    );
  return {
    subject: message.subject,
    headers: message.headers,
    data: message.data,
    string: () => message.string(),
    attempt: readDeliveryCount(message.reply ?? ""),
    acknowledge: () => ask("+ACK", CONFIRM_WITHIN_MS),
    giveBack: (delayMs) =>
      say(delayMs <= 0 ? "-NAK" : `-NAK ${JSON.stringify({ delay: Math.round(delayMs * NANOS_PER_MS) })}`),
    giveUp: (reason) => say(`+TERM ${reason}`),
    renew: (withinMs) => ask("+WPI", withinMs),
  };
}

/** From `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.…` */
function readDeliveryCount(reply: string): number {
  const tokens = reply.split(".");
  return Number(tokens[tokens.length >= LONG_FORM_TOKENS ? 6 : 4] ?? 1);
}
