import type { IncomingMessage } from "node:http";
import { watchSessionRoute } from "@matrix-os/contracts/api/session";
import { compareCursors, sessionEvent } from "@matrix-os/contracts/shell/session-event";
import { z } from "zod";
import type { TurnEvent } from "../turn/turn-event.ts";
import type { Api } from "./api.ts";
import { type BackOff, createBackOff } from "./back-off.ts";
import { createSseParser, type SseEvent } from "./sse-parser.ts";
import { isTemporary, toUnreachable } from "./unreachable.ts";

/** What to follow, and from where on. */
export interface Watch {
  readonly session: string;
  /** The cursor of the last event that is known; `0.0` for all. */
  readonly after: string;
  readonly signal: AbortSignal;
  /** The connection broke and is being made again; told once for each time it breaks. */
  readonly onReconnect: () => void;
}

/** A stream that stays silent for so long is dead: the gateway sends a sign of life more often. */
const SILENCE_MS = 60_000;

const delta = z.object({ turn: z.string(), step: z.number(), number: z.number(), text: z.string() });

/**
 * The events of a session after a cursor, each durable one exactly once and in order, over dropped connections and restarts
 * of the server. Ends only by an error: the signal's, a refusal, or nothing reached for 60 s.
 */
export async function* watchSession(api: Api, watch: Watch): AsyncGenerator<TurnEvent, never> {
  const backOff = createBackOff(watch.signal);
  const progress: Progress = { cursor: watch.after, isAway: false };
  for (;;) {
    let trouble: unknown;
    try {
      yield* readStream(api, watch, { progress, backOff });
      trouble = toUnreachable("the gateway", new Error("the event stream ended"));
    } catch (error) {
      watch.signal.throwIfAborted();
      if (!isTemporary(error)) throw error;
      trouble = error;
    }
    if (!progress.isAway) watch.onReconnect();
    progress.isAway = true;
    await backOff.wait(trouble);
  }
}

interface Progress {
  cursor: string;
  isAway: boolean;
}

async function* readStream(
  api: Api,
  { session, signal }: Watch,
  { progress, backOff }: { readonly progress: Progress; readonly backOff: BackOff },
): AsyncGenerator<TurnEvent> {
  const headers = { accept: "text/event-stream", "last-event-id": progress.cursor };
  const response = await api.open(watchSessionRoute, { params: { session }, headers, signal });
  const parse = createSseParser();
  for await (const text of textOf(response)) {
    progress.isAway = false;
    backOff.reset();
    for (const event of parse(text).flatMap((event) => toTurnEvent(event) ?? [])) {
      if (event.type !== "delta" && compareCursors(event.cursor, progress.cursor) <= 0) continue;
      if (event.type !== "delta") progress.cursor = event.cursor;
      yield event;
    }
  }
}

async function* textOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding("utf8");
  response.setTimeout(SILENCE_MS, () => response.destroy(new Error("the event stream fell silent")));
  try {
    for await (const text of response) yield String(text);
  } catch (error) {
    throw toUnreachable("the gateway", error);
  }
}

// Events that this version does not know are skipped: newer servers may say more.
function toTurnEvent({ type, data }: SseEvent): TurnEvent | undefined {
  const value = parseJson(data);
  if (type === "delta") {
    const parsed = delta.safeParse(value).data;
    return parsed && { type: "delta", ...parsed };
  }
  return sessionEvent.safeParse(value).data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
