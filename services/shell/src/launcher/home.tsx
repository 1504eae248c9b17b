import type { ReactElement } from "react";
import { Composer } from "../chat/composer.tsx";
import { Suggestions } from "../chat/suggestions.tsx";
import { Mark } from "../design/icon.tsx";
import { showSession } from "../live/sessions.ts";
import { useApps } from "../state/app-store.ts";
import { useSessions } from "../state/session-store.ts";
import { windows } from "../state/window-store.ts";
import { AppGrid } from "./app-grid.tsx";
import "./launcher.css";

/** What lies under all windows: a question, and the owner's apps. */
export function Home({ isInFront }: { readonly isInFront: boolean }): ReactElement {
  const apps = useApps((state) => state.apps);
  const openChat = (): void => {
    if (useSessions.getState().active !== undefined) showSession(undefined);
    windows.open("chat");
  };
  return (
    <section className="home" aria-label="Start" inert={!isInFront}>
      <Mark size={44} />
      <p className="home-title">{toGreeting(new Date().getHours())}</p>
      <div className="home-composer">
        <Composer session={undefined} placeholder="What shall we make?" onSent={openChat} />
      </div>
      {apps.length === 0 ? <Suggestions session={undefined} onSent={openChat} /> : <AppGrid apps={apps.slice(0, 12)} />}
    </section>
  );
}

function toGreeting(hour: number): string {
  if (hour < 5) return "Still up?";
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}
