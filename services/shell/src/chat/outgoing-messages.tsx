import type { ReactElement } from "react";
import { toSentence } from "../live/failure.ts";
import { discard, resend } from "../live/outbox.ts";
import { useConnection } from "../state/connection-store.ts";
import { type Outgoing, setDraft, useSessions } from "../state/session-store.ts";
import { UserBubble } from "./message-item.tsx";

/** Messages of this browser that the gateway has not confirmed yet. */
export function OutgoingMessages({ session }: { readonly session: string | undefined }): ReactElement {
  const outgoing = useSessions((state) => state.outgoing);
  const isOpen = useConnection(({ connection }) => connection.phase === "open");
  return (
    <>
      {outgoing
        .filter((one) => one.session === session)
        .map((one) => (
          <div key={one.key} className="outgoing">
            <UserBubble text={one.text} note={isOpen ? "Sending" : "Will be sent when the connection is back"} />
            {one.failure !== undefined && <NotSent message={one} />}
          </div>
        ))}
    </>
  );
}

function NotSent({ message }: { readonly message: Outgoing }): ReactElement | null {
  if (message.failure === undefined) return null;
  return (
    <p className="not-sent small" role="alert">
      <span>Not sent: {toSentence(message.failure.code)}</span>
      <button type="button" className="button plain" onClick={() => resend(message.key)}>
        Try again
      </button>
      <button type="button" className="button plain" onClick={() => setDraft(message.session, discard(message.key))}>
        Edit
      </button>
    </p>
  );
}
