import type { SessionSummary } from "@matrix-os/contracts/api/session";
import { z } from "zod";
import { create } from "zustand";
import type { Failure } from "../live/failure.ts";
import { keep, readKept } from "./kept-state.ts";
import { type SessionNews, type SessionView, evolveSession } from "./session-view.ts";

/** A message that the gateway has not confirmed yet. */
export interface Outgoing {
  /** Idempotency key: the same message, however often it is sent. */
  readonly key: string;
  readonly session: string | undefined;
  readonly text: string;
  /** The app whose words these are. */
  readonly app?: string | undefined;
  /** Not set while it is on its way. */
  readonly failure?: Failure | undefined;
}

/** Loading of something that lives on the gateway. */
export type Loading = "loading" | "ready" | { readonly failure: Failure };

/** What the chat knows. `active` is the session that it shows; not set: a new one. */
export interface SessionsState {
  readonly list: readonly SessionSummary[];
  readonly listLoading: Loading;
  readonly views: Readonly<Record<string, SessionView>>;
  readonly loading: Readonly<Record<string, Loading>>;
  readonly running: Readonly<Record<string, boolean>>;
  readonly outgoing: readonly Outgoing[];
  readonly active: string | undefined;
  readonly drafts: Readonly<Record<string, string>>;
}

const ACTIVE_KEY = "active-session";

/** The sessions as this browser sees them. */
export const useSessions = create<SessionsState>(() => ({
  list: [],
  listLoading: "loading",
  views: {},
  loading: {},
  running: {},
  outgoing: [],
  active: readKept(ACTIVE_KEY, z.string()),
  drafts: {},
}));

/** The key of the composer's draft for a session that does not exist yet. */
export const NEW_SESSION = "new";

/** Sets which session the chat shows, also after a reload; not set: a new one. */
export function setActive(session: string | undefined): void {
  useSessions.setState({ active: session });
  keep(ACTIVE_KEY, session ?? null);
}

/** Puts news of a session into its view; sessions that are not loaded don't care. */
export function noteNews(session: string, news: SessionNews): void {
  useSessions.setState(({ views }) => {
    const view = views[session];
    return view === undefined ? {} : { views: { ...views, [session]: evolveSession(view, news) } };
  });
}

/** Sets the view of a session. */
export function setView(session: string, view: SessionView): void {
  useSessions.setState(({ views, loading }) => ({
    views: { ...views, [session]: view },
    loading: { ...loading, [session]: "ready" },
  }));
}

/** Notes whether a session works. */
export function noteRunning(session: string, isRunning: boolean): void {
  useSessions.setState(({ running }) => ({ running: { ...running, [session]: isRunning } }));
}

/** Sets what stands in the composer of a session. */
export function setDraft(session: string | undefined, text: string): void {
  useSessions.setState(({ drafts }) => ({ drafts: { ...drafts, [session ?? NEW_SESSION]: text } }));
}
