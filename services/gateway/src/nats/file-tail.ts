import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "@matrix-os/bus";
import { toOsError } from "@matrix-os/contracts/errors";
import { readChangesRequest } from "@matrix-os/contracts/file/read-changes.request";
import type { Change } from "@matrix-os/contracts/file/written.event";
import type { Broadcast } from "../hub/broadcast.ts";
import { createInbox } from "../hub/inbox.ts";

const MAX_WAITING = 500;
const PAGE = 100;

/** What the bus told about the home; `interrupted`: it was away, and changes may be missing. */
export type HomeSignal = Change | "interrupted";

/** A change of the home, or the news that changes are no longer kept. `started` comes first: from then on nothing is missed. */
export type HomeItem =
  | { readonly kind: "started" }
  | { readonly kind: "change"; readonly change: Change; readonly replayed: boolean }
  | { readonly kind: "gap"; readonly newest: number };

/** The number of the newest change. */
export async function readNewestSeq(bus: Bus, signal?: AbortSignal): Promise<number> {
  const { newest } = await bus.request(readChangesRequest, { after: 0, limit: 1 }, { signal, timeoutMs: 1_000 });
  return newest;
}

/** Follows the changes of the home in order, without loss or repeat, from a number on (not set: from now on). Ends only by its signal. */
export async function* followHome(
  parts: { readonly bus: Bus; readonly home: Broadcast<HomeSignal> },
  options: { readonly after?: number | undefined; readonly signal: AbortSignal },
): AsyncGenerator<HomeItem> {
  const { signal } = options;
  const inbox = createInbox<HomeSignal>(MAX_WAITING, signal);
  const unlisten = parts.home.listen((heard) => inbox.put(heard));
  try {
    let seq = options.after ?? (await readNewestSeq(parts.bus, signal));
    yield { kind: "started" };
    seq = yield* catchUp(parts.bus, seq, signal);
    for (let heard = await inbox.take(); heard !== undefined; heard = await inbox.take()) {
      if (typeof heard === "object" && heard.seq === seq + 1) {
        seq = heard.seq;
        yield { kind: "change", change: heard, replayed: false };
      } else if (typeof heard !== "object" || heard.seq > seq) {
        seq = yield* catchUp(parts.bus, seq, signal);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unlisten();
  }
}

async function* catchUp(bus: Bus, from: number, signal: AbortSignal): AsyncGenerator<HomeItem, number> {
  let seq = from;
  for (;;) {
    const page = await readPage(bus, seq, signal);
    if (page.gap) {
      yield { kind: "gap", newest: page.newest };
      return page.newest;
    }
    for (const change of page.changes) {
      yield { kind: "change", change, replayed: true };
      seq = change.seq;
    }
    if (seq >= page.newest || page.changes.length === 0) return seq;
  }
}

async function readPage(bus: Bus, after: number, signal: AbortSignal) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await bus.request(readChangesRequest, { after, limit: PAGE }, { signal });
    } catch (thrown) {
      if (toOsError(thrown).kind !== "unavailable" || signal.aborted) throw thrown;
      await delay(Math.min(100 * 2 ** attempt, 5_000), undefined, { signal });
    }
  }
}
