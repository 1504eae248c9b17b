import { type KeyboardEvent, type ReactElement, useEffect, useRef } from "react";
import { MAX_TEXT_LENGTH } from "@matrix-os/contracts/turn/message";
import { Icon } from "../design/icon.tsx";
import { sendText } from "../live/outbox.ts";
import { stopSession } from "../live/sessions.ts";
import { toFailure, toSentence } from "../live/failure.ts";
import { NEW_SESSION, setDraft, useSessions } from "../state/session-store.ts";
import { showToast } from "../state/toast-store.ts";

/** Where the person writes. Enter sends, Shift+Enter makes a line; while an input method composes, Enter belongs to it. */
export function Composer(props: {
  readonly session: string | undefined;
  readonly placeholder: string;
  readonly onSent?: () => void;
}): ReactElement {
  const { session } = props;
  const text = useSessions(({ drafts }) => drafts[session ?? NEW_SESSION] ?? "");
  const isRunning = useSessions(({ running }) => session !== undefined && running[session] === true);
  const isStarting = useSessions(
    ({ outgoing }) => session === undefined && outgoing.some((one) => one.session === undefined),
  );
  const field = useGrowingField(text);
  const canSend = text.trim() !== "" && !isStarting;
  const submit = (): void => {
    if (!canSend) return;
    setDraft(session, "");
    void sendText(text.trim(), session);
    props.onSent?.();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        value={text}
        maxLength={MAX_TEXT_LENGTH}
        aria-label="Message"
        placeholder={props.placeholder}
        enterKeyHint="send"
        onChange={(event) => setDraft(session, event.target.value)}
        onKeyDown={onKeyDown}
      />
      {session !== undefined && isRunning && <StopButton session={session} />}
      {(!isRunning || text.trim() !== "") && (
        <button type="submit" className="send" aria-label={isRunning ? "Send after this" : "Send"} disabled={!canSend}>
          <Icon name="send" />
        </button>
      )}
    </form>
  );
}

function StopButton({ session }: { readonly session: string }): ReactElement {
  const stop = (): void =>
    void stopSession(session).catch((thrown: unknown) => showToast({ title: toSentence(toFailure(thrown).code) }));
  return (
    <button type="button" className="send stop" aria-label="Stop" title="Stop" onClick={stop}>
      <Icon name="stop" />
    </button>
  );
}

const MAX_FIELD_HEIGHT = 200;

/** A text field that is as high as its text, up to a bound. */
function useGrowingField(text: string): React.RefObject<HTMLTextAreaElement | null> {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, MAX_FIELD_HEIGHT)}px`;
  }, [text]);
  return field;
}
