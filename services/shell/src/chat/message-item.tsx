import { type ReactElement, useState } from "react";
import { Icon, WorkingDots } from "../design/icon.tsx";
import { fromErrorBody, toFailure, toSentence } from "../live/failure.ts";
import { retrySession } from "../live/sessions.ts";
import type { ChatMessage } from "../state/session-view.ts";
import { showToast } from "../state/toast-store.ts";
import { ActivityList } from "./activity-list.tsx";
import { Markdown } from "./markdown.tsx";
import { TurnUndo } from "./turn-undo.tsx";

/** One message of a session. Only the last one offers to try again. */
export function MessageItem(props: {
  readonly message: ChatMessage;
  readonly session: string;
  readonly isLast: boolean;
}): ReactElement {
  const { message } = props;
  if (message.role === "user")
    return <UserBubble text={message.text} note={message.status === "queued" ? "Waiting for its turn" : undefined} />;
  return (
    <article className="answer" aria-label="Matrix OS">
      <ActivityList message={message} />
      <AnswerText message={message} />
      <Ending {...props} />
    </article>
  );
}

/** What the person said. */
export function UserBubble({
  text,
  note,
}: {
  readonly text: string;
  readonly note?: string | undefined;
}): ReactElement {
  return (
    <article className="asked" aria-label="You">
      <p>{text}</p>
      {note !== undefined && <span className="small soft">{note}</span>}
    </article>
  );
}

function AnswerText({ message }: { readonly message: ChatMessage }): ReactElement | null {
  const isRunning = message.status === "running";
  const text = message.draft?.text ?? message.text;
  if (text !== "") return <Markdown text={text} growing={isRunning} />;
  if (!isRunning || message.activity.length > 0) return null;
  return (
    <p className="thinking" role="status">
      <WorkingDots />
      <span>{message.attempt === undefined ? "Thinking" : `The model didn’t answer. Attempt ${message.attempt}`}</span>
    </p>
  );
}

function Ending({
  message,
  session,
  isLast,
}: {
  readonly message: ChatMessage;
  readonly session: string;
  readonly isLast: boolean;
}): ReactElement | null {
  if (message.status === "running" || message.status === "queued") return null;
  return (
    <>
      {message.status === "failed" && <Failed message={message} session={session} canRetry={isLast} />}
      {message.status === "stopped" && <p className="small soft">You stopped it here.</p>}
      <TurnUndo turn={message.turn} />
    </>
  );
}

function Failed({
  message,
  session,
  canRetry,
}: {
  readonly message: ChatMessage;
  readonly session: string;
  readonly canRetry: boolean;
}): ReactElement {
  const [isBusy, setBusy] = useState(false);
  const failure =
    message.error === undefined ? { code: "internal" as const, detail: "" } : fromErrorBody(message.error);
  const retry = async (): Promise<void> => {
    setBusy(true);
    await retrySession(session).catch((thrown: unknown) => showToast({ title: toSentence(toFailure(thrown).code) }));
    setBusy(false);
  };
  return (
    <div className="failed" role="alert">
      <Icon name="warn" />
      <div>
        <strong>{toSentence(failure.code)}</strong>
        {failure.detail !== "" && <p className="small">{failure.detail}</p>}
      </div>
      {canRetry && (
        <button type="button" className="button" disabled={isBusy} onClick={() => void retry()}>
          Try again
        </button>
      )}
    </div>
  );
}
