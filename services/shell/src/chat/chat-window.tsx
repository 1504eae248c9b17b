import { type ReactElement, useEffect } from "react";
import { showChatList, useChatList } from "../state/chat-list-store.ts";
import { useSessions } from "../state/session-store.ts";
import { Composer } from "./composer.tsx";
import { Conversation } from "./conversation.tsx";
import { RehearsalLabel } from "./rehearsal-label.tsx";
import { SessionList } from "./session-list.tsx";
import "./chat.css";

/** The chat: sessions at the side, the conversation, and where one writes. */
export function ChatWindow(): ReactElement {
  const active = useSessions((state) => state.active);
  const isListOpen = useChatList((state) => state.isOpen);
  useEffect(() => {
    if (!isListOpen) return undefined;
    const closeByKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") showChatList(false);
    };
    globalThis.addEventListener("keydown", closeByKey);
    return () => globalThis.removeEventListener("keydown", closeByKey);
  }, [isListOpen]);
  return (
    <div className="chat" data-list={isListOpen ? "open" : "closed"}>
      <SessionList onChosen={() => showChatList(false)} />
      <div className="chat-main">
        <RehearsalLabel />
        <Conversation session={active} />
        <Composer session={active} placeholder={active === undefined ? "Make me…" : "Reply…"} />
      </div>
    </div>
  );
}
