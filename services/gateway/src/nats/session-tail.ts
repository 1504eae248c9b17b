import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "@matrix-os/bus";
import { toOsError } from "@matrix-os/contracts/errors";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { Delta, SessionHub, SessionSignal } from "../hub/session-hub.ts";
import { createInbox } from "../hub/inbox.ts";
import { type Place, type Stretch, advance, decide, selectNew, toPlace } from "../session-view/place.ts";
import { listFinishedFrom, listOpenMessages, readNewestArrival, readStretches } from "./turn-source.ts";

/** Signals that may wait while a tail reads journals; more are dropped, and the journals read again. */
const MAX_WAITING = 1_000;
/** A worker that dies between the end of its turn and its last word tells nobody: after a silence the journals are read again. */
const SILENCE_IN_TURN_MS = 5_000;
const SILENCE_MS = 30_000;

/**
 * What a watcher of a session gets. `started` comes first: from then on nothing is missed. `replayed` events come as fast
 * as they are taken, the others as they happen.
 */
export type TailItem =
  | { readonly kind: "started" }
  | { readonly kind: "events"; readonly events: readonly SessionEvent[]; readonly replayed: boolean }
  | { readonly kind: "delta"; readonly delta: Delta }
  | {
      readonly kind: "queued";
      readonly message: { readonly session: string; readonly key: string; readonly text: string };
    };

/** Which session to follow, from where, until when. */
export interface TailOptions {
  readonly session: string;
  /** Only events behind this cursor; not set: from the start of the first open turn, or what happens from now on. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Follows a session without loss or repeat: first what the journals hold, then live, and the journals again whenever
 * something was missed. Ends only by its signal. While the file service is away it waits. Errors: `not-found`.
 */
export async function* followSession(
  parts: { readonly bus: Bus; readonly hub: SessionHub },
  options: TailOptions,
): AsyncGenerator<TailItem> {
  const { session, signal } = options;
  const inbox = createInbox<SessionSignal>(MAX_WAITING, signal);
  const unlisten = parts.hub.listen(session, (heard) => inbox.put(heard));
  const next = (place: Place) => inbox.takeWithin(isRunning(place) ? SILENCE_IN_TURN_MS : SILENCE_MS);
  try {
    let place = options.after === undefined ? await findStart(parts.bus, options) : toPlace(options.after);
    yield { kind: "started" };
    place = yield* catchUp(parts.bus, options, place);
    for (let heard = await next(place); heard !== undefined; heard = await next(place)) {
      if (typeof heard === "string" || isHole(place, heard)) {
        place = yield* catchUp(parts.bus, options, place);
        continue;
      }
      const item = toItem(place, heard);
      if (heard.kind === "progress" && item !== undefined) place = advance(place, heard);
      if (item !== undefined) yield item;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unlisten();
  }
}

async function findStart(bus: Bus, { session, signal }: TailOptions): Promise<Place> {
  // In this order: a turn that ends in between is then either open or heard live.
  const newest = await readNewestArrival(bus, session, signal);
  const first = (await listOpenMessages(bus, session, signal))[0];
  return { arrival: first?.arrival ?? newest + 1, line: 0, turn: undefined, finished: false, step: 0 };
}

/** Reads what the journals hold behind a place; while a service is away it tries again. */
async function* catchUp(bus: Bus, options: TailOptions, from: Place): AsyncGenerator<TailItem, Place> {
  let place = from;
  for (let attempt = 0; ; attempt += 1) {
    try {
      for await (const stretch of readBehind(bus, options, place)) {
        yield { kind: "events", events: selectNew(place, stretch), replayed: true };
        place = advance(place, stretch);
      }
      return place;
    } catch (thrown) {
      const error = toOsError(thrown);
      if (error.kind !== "unavailable" || options.signal.aborted) throw thrown;
      await delay(Math.min(100 * 2 ** attempt, 5_000), undefined, { signal: options.signal });
    }
  }
}

async function* readBehind(bus: Bus, { session, signal }: TailOptions, place: Place): AsyncGenerator<Stretch> {
  // Open turns first: one that ends in between is then found in the transcript.
  const open = await listOpenMessages(bus, session, signal);
  const finished = await listFinishedFrom(bus, { session, arrival: place.arrival }, signal);
  const known = new Set(finished.map(({ turn }) => turn));
  const waiting = open.filter(({ key, arrival }) => !known.has(key) && arrival >= place.arrival);
  const turns = [...finished, ...waiting.map(({ key, arrival }) => ({ session, turn: key, arrival }))];
  for (const turn of turns.toSorted((a, b) => a.arrival - b.arrival)) {
    let seen: Stretch | undefined;
    for await (const stretch of readStretches(bus, turn, signal)) {
      seen = stretch;
      yield stretch;
    }
    const ended = seen?.events.some((event) => event.type === "finished") ?? known.has(turn.turn);
    if (!ended) return;
  }
}

function isHole(place: Place, heard: SessionSignal): boolean {
  switch (heard.kind) {
    case "interrupted":
      return true;
    case "progress":
      return decide(place, heard) === "hole";
    case "finished":
      return heard.arrival > place.arrival || (heard.arrival === place.arrival && !place.finished);
    case "accepted":
    case "delta":
      return false;
    default:
      return heard satisfies never;
  }
}

function toItem(place: Place, heard: SessionSignal): TailItem | undefined {
  if (heard.kind === "progress") {
    if (decide(place, heard) !== "show") return undefined;
    return { kind: "events", events: selectNew(place, heard), replayed: false };
  }
  return isRunning(place) ? toItemOfRunning(place, heard) : undefined;
}

function isRunning(place: Place): boolean {
  return place.turn !== undefined && !place.finished;
}

function toItemOfRunning(place: Place, heard: SessionSignal): TailItem | undefined {
  if (heard.kind === "delta") {
    const current = heard.delta.turn === place.turn && heard.delta.step > place.step;
    return current ? { kind: "delta", delta: heard.delta } : undefined;
  }
  const waits = heard.kind === "accepted" && heard.message.key !== place.turn;
  return waits ? { kind: "queued", message: heard.message } : undefined;
}
