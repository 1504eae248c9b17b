import { type ReactElement, useEffect, useLayoutEffect, useRef } from "react";
import { EmptyState, FailureState, Skeleton } from "../design/parts.tsx";
import { loadEarlier, loadSession } from "../live/sessions.ts";
import { useSessions } from "../state/session-store.ts";
import type { ChatMessage, SessionView } from "../state/session-view.ts";
import { MessageItem } from "./message-item.tsx";
import { SessionApprovals } from "../approvals/session-approvals.tsx";
import { OutgoingMessages } from "./outgoing-messages.tsx";
import { Suggestions } from "./suggestions.tsx";

/** The messages of a session, or what stands in their place. */
export function Conversation({ session }: { readonly session: string | undefined }): ReactElement {
  const view = useSessions(({ views }) => (session === undefined ? undefined : views[session]));
  const loading = useSessions((state) => (session === undefined ? undefined : state.loading[session]));
  if (session !== undefined && view === undefined) {
    if (typeof loading === "object")
      return <FailureState failure={loading.failure} onRetry={() => void loadSession(session)} />;
    return <Skeleton label="Loading the conversation" />;
  }
  return <Messages session={session} view={view} />;
}

function Messages({
  session,
  view,
}: {
  readonly session: string | undefined;
  readonly view: SessionView | undefined;
}): ReactElement {
  const messages = view?.messages ?? [];
  const hasOutgoing = useSessions(({ outgoing }) => outgoing.some((one) => one.session === session));
  const box = useFollowedEnd(session);
  return (
    <div className="conversation scroll" ref={box} role="region" aria-label="Conversation" tabIndex={0}>
      {messages.length === 0 && !hasOutgoing && (
        <EmptyState title="What shall we make?">
          <p>
            Ask for an app, a list, a note, an answer. Everything becomes a file in your home, and every change can be
            undone.
          </p>
          <Suggestions session={session} />
        </EmptyState>
      )}
      <div className="messages">
        {view !== undefined && session !== undefined && view.earlier > 0 && (
          <button type="button" className="button plain earlier" onClick={() => void loadEarlier(session)}>
            Show earlier messages
          </button>
        )}
        {session !== undefined &&
          messages.map((message, index) => (
            <MessageItem key={message.id} message={message} session={session} isLast={index === messages.length - 1} />
          ))}
        <SessionApprovals session={session} />
        <OutgoingMessages session={session} />
      </div>
      <p className="for-screen-readers" role="status">
        {toSpoken(messages.at(-1))}
      </p>
    </div>
  );
}

/** What is read aloud: that something happened, not each word as it comes. */
function toSpoken(last: ChatMessage | undefined): string {
  if (last === undefined || last.role === "user") return "";
  const words = {
    queued: "",
    running: "Matrix OS is working",
    done: "Matrix OS has answered",
    failed: "",
    stopped: "",
  };
  return words[last.status];
}

/** How near to its end a conversation counts as followed. */
const NEAR_END = 80;

/** Keeps the end in sight while new text comes, unless the person has scrolled away from it. */
function useFollowedEnd(session: string | undefined): React.RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
    isFollowing.current = true;
  }, [session]);
  useEffect(() => {
    const element = box.current;
    const inner = element?.querySelector(".messages");
    if (element === null || inner === null || inner === undefined) return undefined;
    const note = (): void => {
      isFollowing.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    };
    const follow = new ResizeObserver(() => {
      if (isFollowing.current) element.scrollTop = element.scrollHeight;
    });
    follow.observe(inner);
    follow.observe(element);
    element.addEventListener("scroll", note, { passive: true });
    return () => {
      follow.disconnect();
      element.removeEventListener("scroll", note);
    };
  }, [session]);
  return box;
}
