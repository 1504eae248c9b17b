import { SOCKET_PATH } from "@matrix-os/contracts/api/probes";
import { type ClientFrame, type ServerFrame, serverFrame } from "@matrix-os/contracts/shell/frame";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { WebSocket } from "ws";

/** A shell on a WebSocket that may watch a session. Disposing it closes the socket. */
export interface SocketWatcher extends Disposable {
  readonly events: SessionEvent[];
  readonly say: (frame: ClientFrame) => void;
  /** Resolves with the first frame that fits, also one that came before. */
  readonly until: (fits: (frame: ServerFrame) => boolean) => Promise<ServerFrame>;
}

/** Opens a socket and watches a session from its beginning; resolves once that is agreed. */
export async function watchOnSocket(system: TestSystem, session: string): Promise<SocketWatcher> {
  const watcher = await openSocket(system);
  watcher.say({ type: "watch-session", ref: "watch", session, after: "0.0" });
  await watcher.until((frame) => frame.type === "done" && frame.ref === "watch");
  return watcher;
}

/** Opens a socket as a shell does; resolves after the greeting. */
export async function openSocket(system: TestSystem): Promise<SocketWatcher> {
  const socket = new WebSocket(`${system.url().replace("http", "ws")}${SOCKET_PATH}`, {
    headers: { authorization: `Bearer ${system.token()}` },
  });
  const frames: ServerFrame[] = [];
  const events: SessionEvent[] = [];
  const looks = new Set<() => void>();
  socket.on("message", (data: Buffer) => {
    const frame = serverFrame.parse(JSON.parse(data.toString()));
    frames.push(frame);
    if (frame.type === "session-event") events.push(frame.event);
    for (const look of looks) look();
  });
  const until = (fits: (frame: ServerFrame) => boolean): Promise<ServerFrame> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = frames.find(fits);
        if (found === undefined) return;
        looks.delete(look);
        resolve(found);
      };
      looks.add(look);
      socket.once("close", () => reject(new Error("the socket closed")));
      look();
    });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  await until((frame) => frame.type === "hello");
  return {
    events,
    until,
    say: (frame) => socket.send(JSON.stringify(frame)),
    [Symbol.dispose]: () => socket.terminate(),
  };
}
