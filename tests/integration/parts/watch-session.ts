import { watchSessionRoute } from "@matrix-os/contracts/api/session";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import { type SessionEvent, sessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { TestSystem } from "@matrix-os/testkit/start-system";

/** A watcher of one session's event stream. Disposing it closes its connection. */
export interface Watcher extends Disposable {
  /** Durable events so far, in the order they came. */
  readonly events: SessionEvent[];
  /** Text on its way, in the order it came. */
  readonly deltas: string[];
  /** Resolves with the first durable event that fits, also one that came before; rejects when the stream ends first. */
  readonly until: (fits: (event: SessionEvent) => boolean) => Promise<SessionEvent>;
  /** Resolves when so much text has come on its way. */
  readonly untilText: (fits: (text: string) => boolean) => Promise<void>;
}

const WITHIN_MS = 45_000;

/** Follows a session over server-sent events, after a cursor or from its beginning; resolves once the stream is open. */
export async function watchSession(system: TestSystem, session: string, after = "0.0"): Promise<Watcher> {
  const leaving = new AbortController();
  const response = await system.fetch(toRouteUrl(watchSessionRoute, { params: { session } }), {
    headers: { "last-event-id": after },
    signal: leaving.signal,
  });
  if (response.status !== 200 || response.body === null) throw new Error(`no stream: ${response.status}`);
  const events: SessionEvent[] = [];
  const deltas: string[] = [];
  const looks = new Set<() => void>();
  const ended = readStream(response.body, (block) => {
    const data = readField(block, "data");
    if (readField(block, "event") === "delta") deltas.push(readDelta(data));
    else if (data !== "") events.push(sessionEvent.parse(JSON.parse(data)));
    for (const look of looks) look();
  });
  ended.catch(() => undefined);
  const untilFound = <Found>(find: () => Found | undefined, what: string): Promise<Found> => {
    const found = Promise.withResolvers<Found>();
    const look = () => {
      const present = find();
      if (present !== undefined) found.resolve(present);
    };
    looks.add(look);
    const tell = (why: string) => found.reject(new Error(`${why} before ${what}: ${JSON.stringify(events)}`));
    const timer = setTimeout(() => tell(`${WITHIN_MS} ms passed`), WITHIN_MS);
    void ended.then(
      () => tell("the stream ended"),
      () => tell("the stream broke"),
    );
    look();
    return found.promise.finally(() => {
      clearTimeout(timer);
      looks.delete(look);
    });
  };
  return {
    events,
    deltas,
    until: (fits) => untilFound(() => events.find(fits), "the event came"),
    untilText: async (fits) => {
      await untilFound(() => (fits(deltas.join("")) ? true : undefined), "the text came");
    },
    [Symbol.dispose]: () => leaving.abort(),
  };
}

/** Whether a turn's last event has come. */
export function isFinished(event: SessionEvent): event is Extract<SessionEvent, { type: "finished" }> {
  return event.type === "finished";
}

async function readStream(body: ReadableStream<Uint8Array>, hear: (block: string) => void): Promise<void> {
  let waiting = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (waiting + part).split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) hear(block);
  }
}

function readField(block: string, name: string): string {
  const line = block.split("\n").find((text) => text.startsWith(`${name}: `));
  return line?.slice(name.length + 2) ?? "";
}

function readDelta(data: string): string {
  return (JSON.parse(data) as { text: string }).text;
}
