import { setTimeout as delay } from "node:timers/promises";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import { watchSessionRoute } from "@matrix-os/contracts/api/session";
import { type SessionEvent, sessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { TestSystem } from "@matrix-os/testkit/start-system";

/** A shell that follows a session whatever happens to the gateway: it comes back with the last cursor it saw. */
export interface Follower extends Disposable {
  readonly events: SessionEvent[];
  readonly hasFinished: (turn: string) => boolean;
  readonly countFinished: () => number;
}

const AGAIN_MS = 50;

/** Follows a session from its beginning. */
export function followSession(system: TestSystem, session: string): Follower {
  const leaving = new AbortController();
  const events: SessionEvent[] = [];
  const finished = new Set<string>();
  const hear = (event: SessionEvent): void => {
    events.push(event);
    if (event.type === "finished") finished.add(event.turn);
  };
  void followForEver({ system, session, events, hear, signal: leaving.signal });
  return {
    events,
    hasFinished: (turn) => finished.has(turn),
    countFinished: () => finished.size,
    [Symbol.dispose]: () => leaving.abort(),
  };
}

interface Following {
  readonly system: TestSystem;
  readonly session: string;
  readonly events: readonly SessionEvent[];
  readonly hear: (event: SessionEvent) => void;
  readonly signal: AbortSignal;
}

async function followForEver(following: Following): Promise<void> {
  while (!following.signal.aborted) {
    await followOnce(following).catch(() => undefined);
    await delay(AGAIN_MS);
  }
}

async function followOnce({ system, session, events, hear, signal }: Following): Promise<void> {
  const response = await system.fetch(toRouteUrl(watchSessionRoute, { params: { session } }), {
    headers: { "last-event-id": events.at(-1)?.cursor ?? "0.0" },
    signal,
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    return;
  }
  let waiting = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (waiting + part).split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const event of blocks.flatMap(toEvent)) hear(event);
  }
}

function toEvent(block: string): SessionEvent[] {
  const data = /^data: (.*)$/m.exec(block)?.[1];
  if (data === undefined || /^event: delta$/m.test(block)) return [];
  return [sessionEvent.parse(JSON.parse(data))];
}
