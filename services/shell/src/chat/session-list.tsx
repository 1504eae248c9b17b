import type { SessionSummary } from "@matrix-os/contracts/api/session";
import type { ReactElement } from "react";
import { Icon, WorkingDots } from "../design/icon.tsx";
import { FailureState, Skeleton } from "../design/parts.tsx";
import { toWhen } from "../design/when.ts";
import { listSessionsSoon, showSession } from "../live/sessions.ts";
import { useSessions } from "../state/session-store.ts";

/** The sessions, the last changed first, and a way to begin a new one. */
export function SessionList({ onChosen }: { readonly onChosen: () => void }): ReactElement {
  const list = useSessions((state) => state.list);
  const listLoading = useSessions((state) => state.listLoading);
  const active = useSessions((state) => state.active);
  const choose = (session: string | undefined): void => {
    showSession(session);
    onChosen();
  };
  return (
    <nav className="sessions scroll" aria-label="Conversations">
      <button type="button" className="new-session" onClick={() => choose(undefined)}>
        <Icon name="plus" size={16} /> New conversation
      </button>
      {listLoading === "loading" && <Skeleton label="Loading conversations" />}
      {typeof listLoading === "object" && <FailureState failure={listLoading.failure} onRetry={listSessionsSoon} />}
      {listLoading === "ready" && list.length === 0 && <p className="small soft no-sessions">Nothing was said yet.</p>}
      <ul>
        {list.map((session) => (
          <li key={session.id}>
            <SessionLine session={session} isActive={session.id === active} onClick={() => choose(session.id)} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SessionLine(props: {
  readonly session: SessionSummary;
  readonly isActive: boolean;
  readonly onClick: () => void;
}): ReactElement {
  const { session, isActive } = props;
  const isRunning = useSessions(({ running }) => running[session.id] === true);
  return (
    <button type="button" className="session-line" aria-current={isActive ? "true" : undefined} onClick={props.onClick}>
      <span className="session-title">{session.title === "" ? "New conversation" : session.title}</span>
      <span className="session-facts small soft">
        {isRunning ? (
          <WorkingDots />
        ) : session.state === "failed" ? (
          <span className="bad">failed</span>
        ) : (
          toWhen(session.updatedAt)
        )}
        {session.channel === "web" ? "" : ` · ${session.channel}`}
      </span>
      {isRunning && <span className="for-screen-readers">working</span>}
    </button>
  );
}
