import type { ReactElement } from "react";
import { sendText } from "../live/outbox.ts";
import { useSessions } from "../state/session-store.ts";

const suggestions = ["Make me a habit tracker", "Make a todo board", "What files do I have?"];

/** First things to say. A click says them. */
export function Suggestions({
  session,
  onSent,
}: {
  readonly session: string | undefined;
  readonly onSent?: () => void;
}): ReactElement {
  const isStarting = useSessions(
    ({ outgoing }) => session === undefined && outgoing.some((one) => one.session === undefined),
  );
  const say = (text: string): void => {
    void sendText(text, session);
    onSent?.();
  };
  return (
    <ul className="suggestions" aria-label="Suggestions">
      {suggestions.map((text) => (
        <li key={text}>
          <button type="button" disabled={isStarting} onClick={() => say(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  );
}
