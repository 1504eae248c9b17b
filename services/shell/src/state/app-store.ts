import type { AppInfo } from "@matrix-os/contracts/api/app";
import { create } from "zustand";
import type { Loading } from "./session-store.ts";

/** What is known of apps. `versions` counts the changes of each app's files since the page was loaded. */
export interface AppsState {
  readonly apps: readonly AppInfo[];
  readonly loading: Loading;
  readonly versions: Readonly<Record<string, number>>;
}

/** The owner's apps. */
export const useApps = create<AppsState>(() => ({ apps: [], loading: "loading", versions: {} }));

/** Notes that an app's files changed, so that its open window loads them. */
export function noteNewVersion(app: string): void {
  useApps.setState(({ versions }) => ({ versions: { ...versions, [app]: (versions[app] ?? 0) + 1 } }));
}

/** The name a person knows an app by. */
export function toAppName(apps: readonly AppInfo[], app: string): string {
  return apps.find((one) => one.app === app)?.manifest.name ?? app;
}

/** The app of a window, when it is one. */
export function toAppOfWindow(windowId: string): string | undefined {
  return windowId.startsWith("app:") ? windowId.slice("app:".length) : undefined;
}
