import { showToast } from "../state/toast-store.ts";
import type { ServerFrame } from "@matrix-os/contracts/shell/frame";
import { useConnection } from "../state/connection-store.ts";
import { noteNews, noteRunning, useSessions } from "../state/session-store.ts";
import { readApprovalsSoon } from "./approvals.ts";
import { ask, reconnect, setAskedConnection } from "./ask.ts";
import { openConnection } from "./connection.ts";
import { noteChange, noteGap } from "./home-changes.ts";
import { toFailure } from "./failure.ts";
import { listSessionsSoon, loadSession, watchSession } from "./sessions.ts";
import { sendOutgoing } from "./outbox.ts";

const WATCH_AGAIN_MS = 1_000;
/** The last change of the home that was heard of; not set before the first hello. */
let lastFileSeq: number | undefined;

/** Connects the stores to the gateway; returns how to disconnect. */
export function startSystem(): () => void {
  const opened = openConnection(hear);
  setAskedConnection(opened);
  const hurry = (): void => {
    if (document.visibilityState === "visible") reconnect();
  };
  globalThis.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  return () => {
    globalThis.removeEventListener("online", hurry);
    document.removeEventListener("visibilitychange", hurry);
    opened.close();
    setAskedConnection(undefined);
  };
}

function hear(frame: ServerFrame): void {
  switch (frame.type) {
    case "hello":
      return resume(frame);
    case "session-event":
      return noteNews(frame.event.session, { type: "event", event: frame.event });
    case "queued":
      return noteNews(frame.session, { ...frame, at: new Date().toISOString() });
    case "delta":
      return noteNews(frame.session, frame);
    case "session-changed":
      noteRunning(frame.session, frame.state === "running");
      readApprovalsSoon();
      return listSessionsSoon();
    case "model-changed":
      return noteModel(frame);
    case "approvals-changed":
      return readApprovalsSoon();
    case "files-changed":
      lastFileSeq = Math.max(lastFileSeq ?? 0, frame.change.seq);
      return noteChange(frame.change);
    case "files-gap":
      lastFileSeq = frame.newest;
      noteGap();
      return watchFiles();
    case "refused":
      // A watch that was granted has ended early: begin it anew from where it got to.
      setTimeout(watchAll, WATCH_AGAIN_MS);
      return undefined;
    case "reply-undelivered":
      return showToast({ title: "An answer was not delivered", body: `${frame.channel} did not take it.` });
    case "accepted":
    case "done":
      return undefined;
    default:
      return frame satisfies never;
  }
}

function noteModel({ model, rehearsal }: Extract<ServerFrame, { type: "model-changed" }>): void {
  const { facts } = useConnection.getState();
  if (facts !== undefined) useConnection.setState({ facts: { ...facts, model, rehearsal } });
}

/** Goes on where the last connection ended: nothing is lost, nothing comes twice. */
function resume(hello: Extract<ServerFrame, { type: "hello" }>): void {
  const { version, model, rehearsal, newestFileSeq } = hello;
  useConnection.setState({ facts: { version, model, rehearsal } });
  lastFileSeq ??= newestFileSeq;
  watchAll();
  listSessionsSoon();
  readApprovalsSoon();
  const { views, active } = useSessions.getState();
  if (active !== undefined && views[active] === undefined) void loadSession(active);
  sendOutgoing();
}

function watchAll(): void {
  watchFiles();
  for (const session of Object.keys(useSessions.getState().views)) void watchSession(session).catch(ignoreLost);
}

function watchFiles(): void {
  void ask({ type: "watch-files", after: lastFileSeq ?? 0 }).catch(ignoreLost);
}

/** A lost connection resumes at the next hello anyway; anything else deserves to be seen while debugging. */
function ignoreLost(thrown: unknown): void {
  if (toFailure(thrown).code !== "offline") reportError(thrown);
}
