import { listSessionsRoute, readSessionRoute, retrySessionRoute } from "@matrix-os/contracts/api/session";
import { setActive, setView, useSessions } from "../state/session-store.ts";
import { toSessionView, withEarlier } from "../state/session-view.ts";
import { soon } from "./soon.ts";
import { toFailure } from "./failure.ts";
import { call } from "./rest.ts";
import { ask } from "./ask.ts";

/** Finished messages that are read at a time. */
const PAGE = 60;
/** Views kept, and watched, at a time: the gateway bounds what one connection may watch. */
const MAX_VIEWS = 8;

/** Reads the list of sessions soon; many calls in a row are one. */
export const listSessionsSoon = soon(() => void listSessions(), 120);

async function listSessions(): Promise<void> {
  try {
    const { sessions } = await call(listSessionsRoute, { query: { limit: 100 } });
    const running = Object.fromEntries(
      sessions.map(({ id, state }) => [id, state === "running" || state === "queued"]),
    );
    useSessions.setState({ list: sessions, listLoading: "ready", running });
  } catch (thrown) {
    const failure = toFailure(thrown);
    useSessions.setState(({ listLoading }) => ({ listLoading: listLoading === "ready" ? listLoading : { failure } }));
  }
}

/** Shows a session in the chat; not set: a new one. */
export function showSession(session: string | undefined): void {
  setActive(session);
  if (session !== undefined && useSessions.getState().views[session] === undefined) void loadSession(session);
}

/** Reads a session and follows it from exactly there on. A failure is kept for the chat to show. */
export async function loadSession(session: string): Promise<void> {
  setLoading(session, "loading");
  try {
    const read = await call(readSessionRoute, { params: { session }, query: { from: -PAGE } });
    makeRoom(session);
    setView(session, toSessionView(read));
    await watchSession(session);
  } catch (thrown) {
    const failure = toFailure(thrown);
    // Once the view is there, the next hello watches it.
    if (useSessions.getState().views[session] === undefined) setLoading(session, { failure });
  }
}

/** Reads the finished messages before those that are shown. */
export async function loadEarlier(session: string): Promise<void> {
  const view = useSessions.getState().views[session];
  if (view === undefined || view.earlier === 0) return;
  const page = await call(readSessionRoute, { params: { session }, query: { from: Math.max(0, view.earlier - PAGE) } });
  const now = useSessions.getState().views[session];
  if (now !== undefined) setView(session, withEarlier(now, page));
}

/** Follows a session from where its view ends. Errors: `RequestError`. */
export async function watchSession(session: string): Promise<void> {
  const after = useSessions.getState().views[session]?.cursor;
  await ask({ type: "watch-session", session, ...(after === undefined ? {} : { after }) });
}

/** Stops what a session does. Errors: `RequestError`. */
export async function stopSession(session: string): Promise<void> {
  await ask({ type: "stop", session });
}

/** Sends the text of the failed last turn again. Errors: `RequestError`. */
export async function retrySession(session: string): Promise<void> {
  await call(retrySessionRoute, { params: { session } });
}

function setLoading(session: string, loading: "loading" | { failure: ReturnType<typeof toFailure> }): void {
  useSessions.setState((state) => ({ loading: { ...state.loading, [session]: loading } }));
}

/** Forgets the view that was opened first, when there are too many. */
function makeRoom(next: string): void {
  const { views, active } = useSessions.getState();
  const old = Object.keys(views).find((id) => id !== active && id !== next);
  if (old === undefined || Object.keys(views).length < MAX_VIEWS) return;
  const { [old]: _forgotten, ...kept } = views;
  useSessions.setState({ views: kept });
  void ask({ type: "unwatch-session", session: old }).catch(() => undefined);
}
