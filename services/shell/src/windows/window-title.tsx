import type { ReactElement } from "react";
import { Icon, type IconName } from "../design/icon.tsx";
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
