import { type ReactElement, useEffect, useState } from "react";
import { IconButton } from "../design/parts.tsx";
import { showSession } from "../live/sessions.ts";
import { useSessions } from "../state/session-store.ts";
import { Composer } from "./composer.tsx";
import { Conversation } from "./conversation.tsx";
import { RehearsalLabel } from "./rehearsal-label.tsx";
import { SessionList } from "./session-list.tsx";
import "./chat.css";

/** The chat: sessions at the side, the conversation, and where one writes. */
export function ChatWindow(): ReactElement {
  const active = useSessions((state) => state.active);
  const title = useSessions(({ list }) => list.find(({ id }) => id === active)?.title);
  const [isListOpen, openList] = useState(false);
  useEffect(() => {
    if (!isListOpen) return undefined;
    const closeByKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") openList(false);
    };
    globalThis.addEventListener("keydown", closeByKey);
    return () => globalThis.removeEventListener("keydown", closeByKey);
  }, [isListOpen]);
  return (
    <div className="chat" data-list={isListOpen ? "open" : "closed"}>
      <SessionList onChosen={() => openList(false)} />
      <section className="chat-main" aria-label="Conversation with Matrix OS">
        <header className="chat-head">
          <span className="list-toggle">
            <IconButton icon="list" label="Conversations" expanded={isListOpen} onClick={() => openList(!isListOpen)} />
          </span>
          <h2>{active === undefined ? "New conversation" : title === undefined || title === "" ? "Conversation" : title}</h2>
          <IconButton icon="plus" label="New conversation" onClick={() => showSession(undefined)} />
        </header>
        <RehearsalLabel />
        <Conversation session={active} />
        <Composer session={active} placeholder={active === undefined ? "Make me…" : "Reply…"} />
      </section>
    </div>
  );
}
