import { type ReactElement, useEffect } from "react";
import { followApps } from "../launcher/live-apps.ts";
import { followHistory } from "../history/change-history.ts";
import { restoreOutgoing } from "../live/outbox.ts";
import { startSystem } from "../live/system.ts";
import { useConnection } from "../state/connection-store.ts";
import { followTheme } from "../state/settings-store.ts";
import { findFront } from "../state/window-layout.ts";
import { followViewport, useWindows } from "../state/window-store.ts";
import { ConsentDialog } from "../bridge/consent-dialog.tsx";
import { Home } from "../launcher/home.tsx";
import { Launcher } from "../launcher/launcher.tsx";
import { ConnectionBanner, LoggedOut } from "./connection-banner.tsx";
import { Shelf } from "./shelf.tsx";
import { Switcher } from "./switcher.tsx";
import { Toasts } from "./toasts.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import { WindowFrame } from "./window-frame.tsx";
import "./desktop.css";

/** The whole desktop. */
export function Desktop(): ReactElement {
  const layout = useWindows((state) => state.layout);
  const isLoggedOut = useConnection(({ connection }) => connection.phase === "logged-out");
  const front = findFront(layout);
  const { launcher, switcher } = useShortcuts();
  useEffect(follow, []);
  if (isLoggedOut) return <LoggedOut />;
  return (
    <div className="desktop" data-empty={front === undefined}>
      <div className="wallpaper" aria-hidden="true" />
      <ConnectionBanner />
      <main className="stage" aria-label="Desktop">
        <h1 className="for-screen-readers">Matrix OS</h1>
        <Home isInFront={front === undefined} />
        {layout.map((window) => (
          <WindowFrame
            key={window.id}
            window={window}
            isFront={window.id === front?.id}
            rank={layout.filter(({ depth }) => depth < window.depth).length}
          />
        ))}
      </main>
      <Shelf onLauncher={launcher.toggle} isLauncherOpen={launcher.isOpen} frontId={front?.id} />
      {launcher.isOpen && <Launcher onClose={launcher.close} />}
      {switcher.chosen !== undefined && <Switcher chosen={switcher.chosen} />}
      <ConsentDialog />
      <Toasts />
    </div>
  );
}

function follow(): () => void {
  restoreOutgoing();
  const stops = [followTheme(), followViewport(), followApps(), followHistory(), startSystem()];
  return () => stops.forEach((stop) => stop());
}
