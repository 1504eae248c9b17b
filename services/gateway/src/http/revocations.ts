import type { Caller } from "../auth/caller.ts";
import { toCallerKey } from "../auth/caller.ts";

/** With the half second that a look at a file counts, an end is noticed within a second, also one that another gateway made. */
const LOOK_EVERY_MS = 300;

/** Ends what a caller has open when it would not be let in any more. */
export interface Revocations extends Disposable {
  /** Calls back once when this caller's token or login has ended; returns how to stop listening. */
  watch(caller: Caller, callback: () => void): () => void;
}

interface Watched {
  readonly caller: Caller;
  readonly callbacks: Set<() => void>;
}

/** Looks while anybody watches, once for each caller however much it has open; idle it costs nothing. */
export function createRevocations(isStillIn: (caller: Caller) => Promise<boolean>): Revocations {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  const rest = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const look = async () => {
    for (const [key, { caller, callbacks }] of watched) {
      if (await isStillIn(caller)) continue;
      watched.delete(key);
      for (const callback of callbacks) callback();
    }
    if (watched.size === 0) rest();
  };
  return {
    watch: (caller, callback) => {
      const key = toWatchKey(caller);
      const entry = watched.get(key) ?? { caller, callbacks: new Set() };
      watched.set(key, entry);
      entry.callbacks.add(callback);
      timer ??= setInterval(() => void look(), LOOK_EVERY_MS).unref();
      return () => {
        entry.callbacks.delete(callback);
        if (entry.callbacks.size > 0 || watched.get(key) !== entry) return;
        watched.delete(key);
        if (watched.size === 0) rest();
      };
    },
    [Symbol.dispose]: rest,
  };
}

/** A renewed token is another one. */
function toWatchKey(caller: Caller): string {
  return caller.kind === "device" ? toCallerKey(caller) : `${toCallerKey(caller)}:${caller.digest}`;
}
