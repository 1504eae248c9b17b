import type { FastifyReply } from "fastify";
import { limits } from "../auth/limits.ts";

const PING_MS = 15_000;
const DRAIN_WITHIN_MS = 30_000;

/** One message of an event stream (WHATWG HTML §9.2). Only durable events have an id. */
export interface StreamEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** An answer that goes on until one side leaves. */
export interface EventStream {
  /** Aborted when the client left, was too slow, or `end` was called. */
  readonly ended: AbortSignal;
  send(message: StreamEvent): void;
  /** Waits until a client that falls behind has caught up; for what need not be said at once. */
  settle(): Promise<void>;
  end(): void;
}

/** Takes over a reply as an event stream; the headers set so far are sent with it. */
export function openEventStream(reply: FastifyReply, closing: AbortSignal): EventStream {
  const ended = new AbortController();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "content-type": "text/event-stream; charset=utf-8",
    "x-accel-buffering": "no",
  });
  raw.flushHeaders();
  const ping = setInterval(() => raw.write(": ping\n\n"), PING_MS);
  const end = () => raw.end();
  const leave = () => {
    clearInterval(ping);
    closing.removeEventListener("abort", end);
    ended.abort();
  };
  closing.addEventListener("abort", end, { once: true });
  raw.once("close", leave);
  if (raw.destroyed) leave();
  return {
    ended: ended.signal,
    send: (message) => {
      if (raw.destroyed || raw.writableEnded) return;
      raw.write(toText(message));
      if (raw.writableLength > limits.waitingBytes) raw.destroy();
    },
    settle: () => settle(raw, ended.signal),
    end,
  };
}

function toText({ id, event, data }: StreamEvent): string {
  // JSON holds no line breaks, so one data line is enough.
  return `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}data: ${data}\n\n`;
}

async function settle(raw: FastifyReply["raw"], ended: AbortSignal): Promise<void> {
  if (!raw.writableNeedDrain || ended.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const deadline = setTimeout(() => raw.destroy(), DRAIN_WITHIN_MS);
  raw.once("drain", resolve);
  ended.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(deadline);
}
