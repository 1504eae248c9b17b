import { rejected, toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import type { ClientFrame } from "@matrix-os/contracts/shell/frame";
import { type HomeItem, followHome } from "../nats/file-tail.ts";
import { readSessionInfo } from "../nats/session-source.ts";
import { type TailItem, followSession } from "../nats/session-tail.ts";
import type { HttpDeps } from "./http-deps.ts";
import type { SocketOutlet } from "./socket-outlet.ts";

const MAX_SESSIONS = 64;

type WatchSession = Extract<ClientFrame, { type: "watch-session" }>;
type WatchFiles = Extract<ClientFrame, { type: "watch-files" }>;

/** What one socket watches. Watching again begins anew from the given place. */
export interface SocketWatches {
  /** Resolves once the session is known to exist. Errors: `not-found`, `busy`. */
  watchSession(frame: WatchSession): Promise<void>;
  unwatchSession(session: string): void;
  watchFiles(frame: WatchFiles): Promise<void>;
  stopAll(): void;
}

/** Watches nothing yet. */
export function createSocketWatches(deps: HttpDeps, outlet: SocketOutlet): SocketWatches {
  const sessions = new Map<string, AbortController>();
  let files: AbortController | undefined;
  let stopped = false;
  return {
    watchSession: async ({ session, after, ref }) => {
      await readSessionInfo(deps.bus, session);
      if (!sessions.has(session) && sessions.size >= MAX_SESSIONS)
        throw rejected("busy", `a socket may watch ${MAX_SESSIONS} sessions`);
      if (stopped) throw rejected("stopped", "the socket is closed");
      sessions.get(session)?.abort();
      const stop = new AbortController();
      sessions.set(session, stop);
      const items = followSession({ bus: deps.bus, hub: deps.sessions }, { session, after, signal: stop.signal });
      // Only then the client may act on what it watches: what it causes is not missed.
      await items.next().catch((error: unknown) => {
        if (sessions.get(session) === stop) sessions.delete(session);
        throw error;
      });
      void tellSession({ outlet, ref }, items, stop.signal);
    },
    unwatchSession: (session) => {
      sessions.get(session)?.abort();
      sessions.delete(session);
    },
    watchFiles: async ({ after, ref }) => {
      files?.abort();
      const stop = new AbortController();
      files = stop;
      const items = followHome({ bus: deps.bus, home: deps.home }, { after, signal: stop.signal });
      await items.next();
      void tellFiles({ outlet, ref }, items, stop.signal);
    },
    stopAll: () => {
      stopped = true;
      files?.abort();
      for (const stop of sessions.values()) stop.abort();
      sessions.clear();
    },
  };
}

interface Telling {
  readonly outlet: SocketOutlet;
  readonly ref: string;
}

async function tellSession(
  { outlet, ref }: Telling,
  items: AsyncIterable<TailItem>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const item of items) {
      if (signal.aborted) return;
      await tellItem(outlet, item);
    }
  } catch (thrown) {
    outlet.say({ type: "refused", ref, error: toErrorBody(toOsError(thrown)) });
  }
}

async function tellItem(outlet: SocketOutlet, item: TailItem): Promise<void> {
  if (item.kind === "delta") return outlet.say({ type: "delta", ...item.delta });
  if (item.kind === "queued") {
    const { session, key, text } = item.message;
    return outlet.say({ type: "queued", session, message: key, text });
  }
  if (item.kind === "started") return;
  for (const event of item.events) {
    if (item.replayed) await outlet.replay({ type: "session-event", event });
    else outlet.say({ type: "session-event", event });
  }
}

async function tellFiles({ outlet, ref }: Telling, items: AsyncIterable<HomeItem>, signal: AbortSignal): Promise<void> {
  try {
    for await (const item of items) {
      if (signal.aborted) return;
      await tellHomeItem(outlet, item);
    }
  } catch (thrown) {
    outlet.say({ type: "refused", ref, error: toErrorBody(toOsError(thrown)) });
  }
}

async function tellHomeItem(outlet: SocketOutlet, item: HomeItem): Promise<void> {
  if (item.kind === "started") return;
  if (item.kind === "gap") return outlet.say({ type: "files-gap", newest: item.newest });
  if (item.replayed) await outlet.replay({ type: "files-changed", change: item.change });
  else outlet.say({ type: "files-changed", change: item.change });
}
