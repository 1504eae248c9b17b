import { startTrace, withTrace } from "@matrix-os/bus/trace";
import { fromZodError, rejected, unavailable } from "@matrix-os/contracts/errors";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { type ClientFrame, clientFrame } from "@matrix-os/contracts/shell/frame";
import type { RawData, WebSocket } from "ws";
import { type Access, frameAccess, approvalsAccess, sessionStateAccess } from "../auth/access-table.ts";
import type { Caller } from "../auth/caller.ts";
import { limits } from "../auth/limits.ts";
import { may } from "../auth/may.ts";
import { type RateLimit, createRateLimit } from "../auth/rate-limit.ts";
import { acceptText } from "../nats/accept-text.ts";
import { describeModel } from "../nats/describe-model.ts";
import { readNewestSeq } from "../nats/file-tail.ts";
import { needRoom } from "./guard.ts";
import type { HttpDeps } from "./http-deps.ts";
import { type SocketOutlet, createSocketOutlet } from "./socket-outlet.ts";
import { type SocketWatches, createSocketWatches } from "./socket-watches.ts";
import { originOf } from "./origin-of.ts";
import { takeMessage } from "./take-message.ts";
import { toHttpProblem } from "./to-http-problem.ts";

/** Frames of one client worked on at a time; more are refused as `busy`. */
const MAX_UNDER_WAY = 32;
const PING_MS = 15_000;

interface SocketSession {
  readonly deps: HttpDeps;
  readonly caller: Caller | undefined;
  readonly frames: RateLimit;
  readonly outlet: SocketOutlet;
  readonly watches: SocketWatches;
  underWay: number;
}

/** Talks with one shell until it leaves; leaving stops nothing but the talk. Each frame is held against the access table. */
export function serveSocket(socket: WebSocket, deps: HttpDeps, caller: Caller | undefined): void {
  const outlet = createSocketOutlet(socket);
  const watches = createSocketWatches(deps, outlet);
  const frames = createRateLimit(limits.socketFrames);
  const session: SocketSession = { deps, caller, frames, outlet, watches, underWay: 0 };
  const unlisten = deps.sessionStates.listen((change) => {
    if (isAllowed(caller, sessionStateAccess)) outlet.say({ type: "session-changed", ...change });
  });
  const unlistenModels = deps.models.listen((change) => outlet.say({ type: "model-changed", ...change }));
  const ignore = deps.undelivered.listen((reply) => outlet.say({ type: "reply-undelivered", ...reply }));
  const unlistenApprovals = deps.approvalChanges.listen((change) => {
    if (isAllowed(caller, approvalsAccess)) outlet.say({ type: "approvals-changed", ...change });
  });
  const stopPings = keepAlive(socket);
  socket.on("message", (data, isBinary) => void withTrace(startTrace(), () => hear(session, data, isBinary)));
  // The close event follows; without a listener an error would end the process.
  socket.on("error", () => undefined);
  socket.once("close", () => {
    stopPings();
    unlisten();
    unlistenModels();
    ignore();
    unlistenApprovals();
    session.watches.stopAll();
  });
  void sayHello(session);
}

async function sayHello({ deps, outlet }: SocketSession): Promise<void> {
  const [{ model, provider }, newestFileSeq] = await Promise.all([
    describeModel(deps.bus),
    readNewestSeq(deps.bus).catch(() => 0),
  ]);
  outlet.say({ type: "hello", version: deps.version, model, rehearsal: provider === "rehearsal", newestFileSeq });
}

async function hear(session: SocketSession, data: RawData, isBinary: boolean): Promise<void> {
  const { frame, ref } = readFrame(data, isBinary);
  try {
    needRoom(session.frames, "socket");
    if (session.underWay >= MAX_UNDER_WAY)
      throw unavailable("busy", "too many frames are under way", { retryAfterMs: 200 });
    session.underWay += 1;
    try {
      await obey(session, frame());
    } finally {
      session.underWay -= 1;
    }
  } catch (thrown) {
    session.outlet.say({ type: "refused", ref, error: toHttpProblem(thrown).body });
  }
}

function isAllowed(caller: Caller | undefined, access: Access): boolean {
  return caller !== undefined && may(caller, access);
}

async function obey({ deps, caller, outlet, watches }: SocketSession, frame: ClientFrame): Promise<void> {
  const { ref } = frame;
  if (!isAllowed(caller, frameAccess[frame.type])) throw rejected("denied", "this token may not do that");
  switch (frame.type) {
    case "send": {
      const { text, session, idempotencyKey: nativeId, mode, app } = frame;
      takeMessage({ caller }, deps);
      const accepted = await acceptText(deps.bus, {
        origin: originOf({ caller }),
        channel: "web",
        text,
        session,
        nativeId,
        mode,
        app,
      });
      const { message, duplicate } = accepted;
      return outlet.say({ type: "accepted", ref, session: accepted.session, message, duplicate });
    }
    case "stop":
      await deps.bus.request(stopSessionRequest, { session: frame.session });
      break;
    case "watch-session":
      await watches.watchSession(frame);
      break;
    case "unwatch-session":
      watches.unwatchSession(frame.session);
      break;
    case "watch-files":
      await watches.watchFiles(frame);
      break;
    case "ping":
      break;
    default:
      frame satisfies never;
  }
  outlet.say({ type: "done", ref });
}

/** The frame is checked when it is asked for, so that a refusal can name its `ref`. */
function readFrame(data: RawData, isBinary: boolean): { frame: () => ClientFrame; ref: string } {
  const body = isBinary ? undefined : parse(data);
  const ref =
    typeof body === "object" && body !== null && "ref" in body && typeof body.ref === "string"
      ? body.ref.slice(0, 80)
      : "";
  return {
    ref,
    frame: () => {
      if (body === undefined) throw rejected("invalid", "a frame must be JSON text", { field: "body" });
      const parsed = clientFrame.safeParse(body);
      if (!parsed.success) throw fromZodError(parsed.error);
      return parsed.data;
    },
  };
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(toText(data));
  } catch {
    return undefined;
  }
}

function toText(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString();
}

/** Pings; a client that answered nothing since the last one is gone. */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}
