import type { StreamContract } from "@matrix-os/contracts/define";
import { type OsError, toErrorBody, toOsError, unavailable } from "@matrix-os/contracts/errors";
import { headers as names } from "@matrix-os/contracts/headers";
import { type Msg, type MsgHdrs, headers as createHeaders } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { createCredit } from "./credit.ts";
import { decodeError } from "./envelope.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";

/** Largest part; the sender cuts longer chunks. */
const MAX_PART_BYTES = 131_072;
/** Parts on the way before the sender waits for credit: bounds memory on both sides to 2 MB. */
const WINDOW_PARTS = 16;
/** How often each side says that it is still there, while a slow source or a slow reader keeps the other waiting. */
const ALIVE_EVERY_MS = 4_000;
const PART = "mx-part";
const END = "mx-end";

/** Which stream, which transfer, and who may stop it. */
export interface Transfer {
  readonly contract: StreamContract;
  readonly transfer: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends bytes to the one receiver of a transfer, never more than the window ahead of it. The receiver may begin to listen
 * later. Errors: `timed-out`, `bus-down`, `stopped`, `conflict` when the receiver gives up, and what the source throws.
 */
export async function sendParts(
  connection: Connection,
  to: Transfer,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  const subject = to.contract.subject(to.transfer);
  const say = (body: Uint8Array | string, head: MsgHdrs) => {
    if (!connection.isUp()) throw unavailable("bus-down", "the connection to the bus was lost");
    connection.nats.publish(subject, body, { headers: head });
  };
  const credit = createCredit(connection, `${subject}.credit`, to.signal);
  const alive = sayOften(() => connection.isUp() && say("", createHeaders()));
  let number = 0;
  const take = async (): Promise<MsgHdrs> => {
    number += 1;
    await credit.untilAllowed(number);
    const head = createHeaders();
    head.set(PART, String(number));
    return head;
  };
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += MAX_PART_BYTES)
        say(chunk.subarray(at, at + MAX_PART_BYTES), await take());
    }
    const head = await take();
    head.set(END, "ok");
    say("", head);
  } catch (thrown) {
    const error = toOsError(thrown);
    if (connection.isUp()) say(JSON.stringify(toErrorBody(error)), toFailedHeaders(error));
    throw error;
  } finally {
    alive[Symbol.dispose]();
    credit[Symbol.dispose]();
  }
}

function toFailedHeaders(error: OsError): MsgHdrs {
  const head = createHeaders();
  head.set(END, "failed");
  head.set(names.error, error.kind);
  return head;
}

/** Says it now and then again and again, until disposed. */
function sayOften(say: () => unknown): Disposable {
  say();
  const timer = setInterval(say, ALIVE_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Bytes on their way in; disposing lets go of them. */
export type Receiving = AsyncIterableIterator<Uint8Array> & AsyncDisposable;

/**
 * The bytes of a transfer, as they come. Listens from the call on; `return()` at any time lets go and tells the sender.
 * Errors: the sender's, `timed-out`, `stopped`, and `bus-down` when parts were lost.
 */
export function receiveParts(connection: Connection, from: Transfer): Receiving {
  const subject = from.contract.subject(from.transfer);
  let consumed = 0;
  let beat: Disposable | undefined;
  let state: "fresh" | "reading" | "closed" = "fresh";
  const tell = (text: string) => {
    if (connection.isUp()) connection.nats.publish(`${subject}.credit`, text);
  };
  const grant = () => tell(String(consumed + WINDOW_PARTS));
  // The first grant is lost on a sender that comes later: it says that it is there, and gets it again.
  const mailbox = openMailbox(connection, {
    subject,
    signal: from.signal,
    maxWaiting: WINDOW_PARTS + 2,
    isSignOfLife,
    onSignOfLife: grant,
  });
  const close = (how: "finished" | "stopped") => {
    if (state === "closed") return;
    state = "closed";
    beat?.[Symbol.dispose]();
    mailbox[Symbol.dispose]();
    if (how === "stopped") tell("stop");
  };
  return {
    next: async () => {
      if (state === "closed") return { done: true, value: undefined };
      if (state === "fresh") beat = sayOften(grant);
      else grant();
      state = "reading";
      try {
        const part = await nextPart(mailbox, consumed + 1);
        if (part === "end") close("finished");
        else consumed += 1;
        return part === "end" ? { done: true, value: undefined } : { done: false, value: part };
      } catch (thrown) {
        close("stopped");
        throw thrown;
      }
    },
    return: async () => {
      close("stopped");
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      close("stopped");
    },
  };
}

async function nextPart(mailbox: Mailbox, expected: number): Promise<Uint8Array | "end"> {
  const message = await mailbox.next();
  const error = decodeError(message);
  if (error !== undefined) throw error;
  if (message.headers?.get(PART) !== String(expected)) throw unavailable("bus-down", "parts of a stream were lost");
  return message.headers.has(END) ? "end" : message.data;
}

function isSignOfLife(message: Msg): boolean {
  return !message.headers?.has(PART) && !message.headers?.has(END);
}
