import type { ServerFrame } from "@matrix-os/contracts/shell/frame";
import type { WebSocket } from "ws";
import { limits } from "../auth/limits.ts";

/** Bytes that may wait while older things are replayed: then the replay waits. */
const REPLAY_AHEAD_BYTES = 262_144;
const DRAIN_WITHIN_MS = 30_000;

/** Where frames to one client go. */
export interface SocketOutlet {
  say(frame: ServerFrame): void;
  /** As `say`, but waits while the client is behind; for what need not be said at once. */
  replay(frame: ServerFrame): Promise<void>;
}

/** Frames as JSON text; a client that falls too far behind is cut off. */
export function createSocketOutlet(socket: WebSocket): SocketOutlet {
  const say = (frame: ServerFrame) => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(frame));
    if (socket.bufferedAmount > limits.waitingBytes) socket.terminate();
  };
  return {
    say,
    replay: async (frame) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount < REPLAY_AHEAD_BYTES) return say(frame);
      await sendAndWait(socket, JSON.stringify(frame));
    },
  };
}

async function sendAndWait(socket: WebSocket, text: string): Promise<void> {
  const deadline = setTimeout(() => socket.terminate(), DRAIN_WITHIN_MS);
  await new Promise<void>((resolve) => {
    socket.send(text, () => resolve());
  });
  clearTimeout(deadline);
}
