import type { StoredMessage, TurnStatus } from "@matrix-os/contracts/turn/message";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";

/** What the bus told about a session just now. Lossy: whoever needs all of it reads the journals too. */
export type SessionSignal =
  | {
      readonly kind: "progress";
      readonly turn: string;
      readonly arrival: number;
      readonly from: number;
      readonly to: number;
      readonly events: readonly SessionEvent[];
    }
  | { readonly kind: "delta"; readonly delta: Delta }
  | { readonly kind: "accepted"; readonly message: Omit<StoredMessage, "context"> }
  | { readonly kind: "finished"; readonly turn: string; readonly arrival: number; readonly status: TurnStatus }
  | { readonly kind: "interrupted" };

/** Text as the model writes it. */
export interface Delta {
  readonly session: string;
  readonly turn: string;
  readonly step: number;
  readonly number: number;
  readonly text: string;
}

/** Hears about one session; must not throw and must not wait. */
export type SessionListener = (signal: SessionSignal) => void;

/** Starts to hear a session's drafts on the bus; returns how to stop. */
export type OpenDrafts = (session: string) => () => void;

/** Fans out what the bus says to those who watch a session. Sessions that nobody watches are not listened to. */
export interface SessionHub {
  /** Returns how to stop listening. */
  listen(session: string, listener: SessionListener): () => void;
  tell(session: string, signal: SessionSignal): void;
  /** The bus was away: whatever was said meanwhile is lost. */
  interrupt(): void;
  /** Registers a source that is opened while a session is watched; returns how to withdraw it. */
  openWhileWatched(open: OpenDrafts): () => void;
}

interface Watched {
  readonly listeners: Set<SessionListener>;
  readonly closers: Map<OpenDrafts, () => void>;
}

/** A hub without listeners. Its size is the number of watched sessions, which the connections' own limits bound. */
export function createSessionHub(): SessionHub {
  const sessions = new Map<string, Watched>();
  const sources = new Set<OpenDrafts>();
  const tell = (watched: Watched, signal: SessionSignal) => {
    for (const listener of watched.listeners) listener(signal);
  };
  return {
    listen: (session, listener) => {
      const watched = sessions.get(session) ?? openSession(session, sources);
      sessions.set(session, watched);
      watched.listeners.add(listener);
      return () => {
        watched.listeners.delete(listener);
        if (watched.listeners.size > 0 || sessions.get(session) !== watched) return;
        sessions.delete(session);
        for (const close of watched.closers.values()) close();
      };
    },
    tell: (session, signal) => {
      const watched = sessions.get(session);
      if (watched !== undefined) tell(watched, signal);
    },
    interrupt: () => {
      for (const watched of sessions.values()) tell(watched, { kind: "interrupted" });
    },
    openWhileWatched: (open) => {
      sources.add(open);
      for (const [session, watched] of sessions) {
        watched.closers.set(open, open(session));
        tell(watched, { kind: "interrupted" });
      }
      return () => {
        sources.delete(open);
        for (const watched of sessions.values()) {
          watched.closers.get(open)?.();
          watched.closers.delete(open);
        }
      };
    },
  };
}

function openSession(session: string, sources: ReadonlySet<OpenDrafts>): Watched {
  return { listeners: new Set(), closers: new Map([...sources].map((open) => [open, open(session)])) };
}
