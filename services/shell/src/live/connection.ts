import { readStatusRoute } from "@matrix-os/contracts/api/status";
import { SOCKET_PATH } from "@matrix-os/contracts/api/probes";
import { type ClientFrame, type ServerFrame, serverFrame } from "@matrix-os/contracts/shell/frame";
import { toWaitMs } from "../state/connection-state.ts";
import { noteConnection, useConnection } from "../state/connection-store.ts";
import { RequestError, fromErrorBody, toFailure } from "./failure.ts";
import { call } from "./rest.ts";

/** A frame to the gateway without its `ref`, which the connection adds. */
export type Asked = ClientFrame extends infer Frame ? (Frame extends ClientFrame ? Omit<Frame, "ref"> : never) : never;
/** An answer to one frame. */
export type Answer = Extract<ServerFrame, { type: "accepted" | "done" }>;

/** The one connection of this page to the gateway. */
export interface Connection {
  /** Asks and waits for the answer. Errors: `RequestError` (`offline` when the connection is or gets lost, `timed-out`). */
  ask(frame: Asked): Promise<Answer>;
  /** Tries again at once, when it waits. */
  hurry(): void;
  close(): void;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: RequestError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const ANSWER_DEADLINE_MS = 20_000;
const HEARTBEAT_MS = 20_000;
/** Questions that may wait for their answers. */
const MAX_PENDING = 200;

const gone = (): RequestError => new RequestError({ code: "offline", detail: "the connection was lost" });

/** Opens the connection and opens it again whenever it is lost, until it is closed. `onFrame` hears every frame that nobody waits for. */
export function openConnection(onFrame: (frame: ServerFrame) => void): Connection {
  const pending = new Map<string, Pending>();
  let socket: WebSocket | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let lastRef = 0;
  let closed = false;

  const ask = async (frame: Asked): Promise<Answer> => {
    const open = socket;
    if (open?.readyState !== WebSocket.OPEN || pending.size >= MAX_PENDING) throw gone();
    lastRef += 1;
    const ref = String(lastRef);
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        pending.delete(ref);
        reject(new RequestError({ code: "timed-out", detail: `no answer to ${frame.type}` }));
      }, ANSWER_DEADLINE_MS);
      pending.set(ref, { resolve, reject, timer });
      open.send(JSON.stringify({ ...frame, ref }));
    });
  };

  const hear = (text: string): void => {
    const frame = serverFrame.safeParse(JSON.parse(text));
    // A newer gateway may say more than this page knows.
    if (!frame.success) return;
    if (!("ref" in frame.data) || !settle(pending, frame.data)) onFrame(frame.data);
  };

  const lose = (): void => {
    socket = undefined;
    for (const ref of pending.keys()) takePending(pending, ref)?.reject(gone());
    if (closed) return;
    noteConnection("lost");
    const { attempt } = useConnection.getState().connection;
    retry = setTimeout(
      () => {
        // Not logged in: only a person can change that.
        if (useConnection.getState().connection.phase !== "logged-out") void attemptToOpen();
      },
      toWaitMs(attempt, Math.random()),
    );
  };

  const attemptToOpen = async (): Promise<void> => {
    clearTimeout(retry);
    const isRetry = useConnection.getState().connection.attempt > 0;
    noteConnection("attempt");
    // A browser does not tell why a socket failed: ask whether this browser is still logged in.
    if (isRetry && !(await mayConnect())) return lose();
    if (closed || socket !== undefined) return;
    socket = startSocket({ hear, lose, beat: () => ask({ type: "ping" }) });
  };

  const hurry = (): void => {
    if (!closed && socket === undefined) void attemptToOpen();
  };

  void attemptToOpen();
  return {
    ask,
    hurry,
    close: () => {
      closed = true;
      clearTimeout(retry);
      socket?.close();
    },
  };
}

interface SocketParts {
  readonly hear: (text: string) => void;
  readonly lose: () => void;
  readonly beat: () => Promise<unknown>;
}

function startSocket({ hear, lose, beat }: SocketParts): WebSocket {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${SOCKET_PATH}`);
  // A connection may die without a word: one that doesn't answer is as good as lost.
  const heartbeat = setInterval(() => void beat().catch(() => socket.close()), HEARTBEAT_MS);
  let lost = false;
  const end = (): void => {
    clearInterval(heartbeat);
    if (!lost) lose();
    lost = true;
  };
  socket.addEventListener("open", () => noteConnection("opened"));
  socket.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") hear(event.data);
  });
  socket.addEventListener("close", end);
  return socket;
}

/** Whether somebody waited for this answer. */
function settle(pending: Map<string, Pending>, frame: Extract<ServerFrame, { ref: string }>): boolean {
  const asked = takePending(pending, frame.ref);
  if (frame.type === "refused") asked?.reject(new RequestError(fromErrorBody(frame.error)));
  else asked?.resolve(frame);
  return asked !== undefined;
}

function takePending(pending: Map<string, Pending>, ref: string): Pending | undefined {
  const asked = pending.get(ref);
  pending.delete(ref);
  clearTimeout(asked?.timer);
  return asked;
}

async function mayConnect(): Promise<boolean> {
  try {
    await call(readStatusRoute);
    return true;
  } catch (thrown) {
    // Other answers than «not logged in» and «not there» mean that the gateway is back.
    const { code } = toFailure(thrown);
    return code !== "unauthorized" && code !== "offline";
  }
}
