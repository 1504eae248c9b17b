import type { ReactElement } from "react";
import { Icon, type IconName } from "../design/icon.tsx";
import { useSessions } from "../state/session-store.ts";
import { toAppName, toAppOfWindow, useApps } from "../state/app-store.ts";

/** The windows of Matrix OS itself. */
export const systemWindows: readonly { readonly id: string; readonly title: string; readonly icon: IconName }[] = [
  { id: "chat", title: "Chat", icon: "chat" },
  { id: "files", title: "Files", icon: "files" },
  { id: "history", title: "History", icon: "history" },
  { id: "settings", title: "Settings", icon: "settings" },
];

/** What a window is called. */
export function useWindowTitle(id: string): string {
  const apps = useApps((state) => state.apps);
  const app = toAppOfWindow(id);
  if (app !== undefined) return toAppName(apps, app);
  return systemWindows.find((window) => window.id === id)?.title ?? id;
}

/** What stands in a window's title bar: for the chat, what is talked about. */
export function useWindowHeading(id: string): string {
  const title = useWindowTitle(id);
  const session = useSessions(({ list, active }) => list.find((one) => one.id === active)?.title);
  return id === "chat" && session !== undefined && session !== "" ? session : title;
}

/** The picture of a window: an app's emoji or a line icon. */
export function WindowIcon({ id }: { readonly id: string }): ReactElement {
  const app = toAppOfWindow(id);
  const icon = useApps(({ apps }) => apps.find((one) => one.app === app)?.manifest.icon);
  if (app !== undefined) {
    return (
      <span className="emoji" aria-hidden="true">
        {icon ?? "📦"}
      </span>
    );
  }
  return <Icon name={systemWindows.find((window) => window.id === id)?.icon ?? "file"} />;
}
