import { watchSessionRoute } from "@matrix-os/contracts/api/session";
import { rejected } from "@matrix-os/contracts/errors";
import { cursor } from "@matrix-os/contracts/shell/session-event";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { readSessionInfo } from "../nats/session-source.ts";
import { followSession, type TailItem } from "../nats/session-tail.ts";
import { type EventStream, openEventStream } from "./event-stream.ts";
import { onLoggedOut } from "./guard.ts";
import type { HttpDeps } from "./http-deps.ts";
import { serveRaw } from "./serve-route.ts";
import { createSlots } from "./slots.ts";

const MAX_STREAMS = 500;

/** Serves a session's events as server-sent events. */
export function addSessionEventRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const slots = createSlots(MAX_STREAMS, "event streams");
  serveRaw(app, { ...watchSessionRoute, produces: "text/event-stream" }, async ({ params, query, request, reply }) => {
    const session = params["session"] ?? "";
    const after = readLastEventId(request) ?? query.after;
    await readSessionInfo(deps.bus, session);
    const left = new AbortController();
    const release = slots.take();
    const unlisten = onLoggedOut(request, deps, () => reply.raw.destroy());
    reply.raw.once("close", () => {
      left.abort();
      release();
      unlisten();
    });
    const items = followSession({ bus: deps.bus, hub: deps.sessions }, { session, after, signal: left.signal });
    // Only then the client may act on what it watches: what it causes is not missed.
    await items.next();
    void sendEvents(openEventStream(reply, deps.closing), items, deps);
    return reply;
  });
}

async function sendEvents(stream: EventStream, items: AsyncIterable<TailItem>, deps: HttpDeps): Promise<void> {
  try {
    for await (const item of items) {
      sendItem(stream, item);
      if (item.kind === "events" && item.replayed) await stream.settle();
    }
  } catch (error) {
    deps.log.warn({ err: error }, "event stream ended early");
  } finally {
    stream.end();
  }
}

function sendItem(stream: EventStream, item: TailItem): void {
  if (item.kind === "delta") return stream.send({ event: "delta", data: JSON.stringify(item.delta) });
  if (item.kind !== "events") return;
  for (const event of item.events) stream.send({ id: event.cursor, event: event.type, data: JSON.stringify(event) });
}

function readLastEventId(request: FastifyRequest): string | undefined {
  const value = request.headers["last-event-id"];
  if (value === undefined || value === "") return undefined;
  const parsed = cursor.safeParse(value);
  if (!parsed.success) throw rejected("invalid", "Last-Event-ID: must look like 12.3", { field: "Last-Event-ID" });
  return parsed.data;
}
