import type { ReactElement } from "react";
import { AppWindow } from "../bridge/app-window.tsx";
import { ChatWindow } from "../chat/chat-window.tsx";
import { EmptyState } from "../design/parts.tsx";
import { FilesWindow } from "../files/files-window.tsx";
import { HistoryWindow } from "../history/history-window.tsx";
import { SettingsWindow } from "../settings/settings-window.tsx";
import { toAppOfWindow } from "../state/app-store.ts";

/** What is inside a window. */
export function WindowContent({ id }: { readonly id: string }): ReactElement {
  const app = toAppOfWindow(id);
  if (app !== undefined) return <AppWindow app={app} />;
  switch (id) {
    case "chat":
      return <ChatWindow />;
    case "files":
      return <FilesWindow />;
    case "history":
      return <HistoryWindow />;
    case "settings":
      return <SettingsWindow />;
    default:
      return <EmptyState title="This window belongs to another version." />;
  }
}
