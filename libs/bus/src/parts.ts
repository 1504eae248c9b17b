import type { StreamContract } from "@matrix-os/contracts/define";
import { rejected, toErrorBody, toOsError, unavailable } from "@matrix-os/contracts/errors";
import { type Msg, headers as createHeaders } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { decodeError } from "./envelope.ts";
import { headers as names } from "@matrix-os/contracts/headers";

/** Largest part; the sender cuts longer chunks. */
export const MAX_PART_BYTES = 131_072;
/** Parts on the way before the sender waits for credit: bounds memory on both sides to 2 MB. */
const WINDOW_PARTS = 16;
const SILENCE_MS = 15_000;
const END = "mx-end";

/** Which stream, which transfer, and who may stop it. */
export interface Transfer {
  readonly contract: StreamContract;
  readonly transfer: string;
  readonly signal?: AbortSignal | undefined;
}

/** Sends bytes to the one receiver of a transfer, never more than the window ahead of it. Errors: `timed-out`, and what the source throws. */
export async function sendParts(connection: Connection, to: Transfer, source: AsyncIterable<Uint8Array>): Promise<void> {
  const subject = to.contract.subject(to.transfer);
  const credit = createCredit(connection, `${subject}.credit`, to.signal);
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += MAX_PART_BYTES) {
        await credit.take();
        connection.nats.publish(subject, chunk.subarray(at, at + MAX_PART_BYTES));
      }
    }
    await credit.take();
    connection.nats.publish(subject, "", { headers: toEnd("ok") });
  } catch (thrown) {
    const error = toOsError(thrown);
    const head = toEnd("failed");
    head.set(names.error, error.kind);
    connection.nats.publish(subject, JSON.stringify(toErrorBody(error)), { headers: head });
    throw error;
  } finally {
    credit.close();
  }
}

function toEnd(how: "ok" | "failed") {
  const head = createHeaders();
  head.set(END, how);
  return head;
}

function createCredit(connection: Connection, subject: string, signal: AbortSignal | undefined) {
  let available = 0;
  let refused = false;
  let wake: () => void = () => undefined;
  const subscription = connection.nats.subscribe(subject, {
    callback: (_error, message) => {
      if (message.string() === "stop") refused = true;
      else available += Number(message.string());
      wake();
    },
  });
  const take = async (): Promise<void> => {
    while (available === 0 && !refused) {
      const granted = await withDeadline(new Promise<void>((resolve) => (wake = resolve)), signal);
      if (!granted) throw unavailable("timed-out", "the receiver of a stream went silent");
    }
    if (refused) throw rejected("conflict", "the receiver of a stream stopped reading");
    available -= 1;
  };
  return { take, close: () => subscription.unsubscribe() };
}

/** The bytes of a transfer, as they come; giving up early tells the sender. Subscribe (call) before the sender starts. Errors: the sender's, `timed-out`. */
export function receiveParts(connection: Connection, from: Transfer): AsyncIterableIterator<Uint8Array> {
  const subject = from.contract.subject(from.transfer);
  const queue: Msg[] = [];
  let wake: () => void = () => undefined;
  const subscription = connection.nats.subscribe(subject, {
    callback: (_error, message) => {
      queue.push(message);
      wake();
    },
  });
  const grant = (parts: number | "stop") => connection.nats.publish(`${subject}.credit`, String(parts));
  const next = async (): Promise<Msg> => {
    if (queue.length === 0) {
      const arrived = await withDeadline(new Promise<void>((resolve) => (wake = resolve)), from.signal);
      if (!arrived) throw unavailable("timed-out", "the sender of a stream went silent");
    }
    return queue.shift() as Msg;
  };
  return readParts({ next, grant, close: () => subscription.unsubscribe() });
}

interface Inlet {
  readonly next: () => Promise<Msg>;
  readonly grant: (parts: number | "stop") => void;
  readonly close: () => void;
}

async function* readParts(inlet: Inlet): AsyncIterableIterator<Uint8Array> {
  let finished = false;
  try {
    inlet.grant(WINDOW_PARTS);
    for (;;) {
      const message = await inlet.next();
      if (message.headers?.has(END)) {
        finished = true;
        const error = decodeError(message);
        if (error !== undefined) throw error;
        return;
      }
      yield message.data;
      inlet.grant(1);
    }
  } finally {
    if (!finished) inlet.grant("stop");
    inlet.close();
  }
}

async function withDeadline(wait: Promise<void>, signal: AbortSignal | undefined): Promise<boolean> {
  signal?.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: () => void = () => undefined;
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), SILENCE_MS);
    onAbort = () => resolve(false);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([wait.then(() => true), deadline]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
