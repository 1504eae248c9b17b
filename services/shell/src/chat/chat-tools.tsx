import type { ReactElement } from "react";
import { IconButton } from "../design/parts.tsx";
import { showSession } from "../live/sessions.ts";
import { showChatList, useChatList } from "../state/chat-list-store.ts";

/** What stands in the chat's title bar: the list of conversations, where it is not shown anyway, and a new one. */
export function ChatTools(): ReactElement {
  const isListOpen = useChatList((state) => state.isOpen);
  return (
    <>
      <span className="list-toggle">
        <IconButton icon="list" label="Conversations" expanded={isListOpen} onClick={() => showChatList(!isListOpen)} />
      </span>
      <IconButton icon="plus" label="New conversation" onClick={() => showSession(undefined)} />
      <span className="tools-line" aria-hidden="true" />
    </>
  );
}
