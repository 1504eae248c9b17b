import { type ReactElement, useEffect, useState } from "react";
import { Mark } from "../design/icon.tsx";
import { ApprovalsBell } from "../approvals/approvals-bell.tsx";
import { KeyDialog } from "../chat/rehearsal-label.tsx";
import { toAppOfWindow } from "../state/app-store.ts";
import { useConnection } from "../state/connection-store.ts";
import { useSessions } from "../state/session-store.ts";
import { useWindows, windows } from "../state/window-store.ts";
import { systemWindows, useWindowTitle, WindowIcon } from "./window-title.tsx";

/** The bar at the bottom: the launcher, the system's windows, open apps, and how things stand. */
export function Shelf(props: {
  readonly onLauncher: () => void;
  readonly isLauncherOpen: boolean;
  readonly frontId: string | undefined;
}): ReactElement {
  const layout = useWindows((state) => state.layout);
  const apps = layout.filter(({ id }) => toAppOfWindow(id) !== undefined);
  return (
    <nav className="shelf" aria-label="Shelf">
      <button
        type="button"
        className="shelf-item launcher-button"
        aria-label="Apps"
        title="Apps (Ctrl+K)"
        aria-expanded={props.isLauncherOpen}
        onClick={props.onLauncher}
      >
        <Mark size={28} />
        <span className="shelf-label">Apps</span>
      </button>
      <span className="shelf-line" aria-hidden="true" />
      <ul className="shelf-items scroll">
        {systemWindows.map(({ id }) => (
          <ShelfItem
            key={id}
            id={id}
            isOpen={layout.some((window) => window.id === id)}
            isFront={id === props.frontId}
          />
        ))}
        {apps.length > 0 && <li className="shelf-line" aria-hidden="true" />}
        {apps.map(({ id }) => (
          <ShelfItem key={id} id={id} isOpen isFront={id === props.frontId} />
        ))}
      </ul>
      <ShelfStatus />
    </nav>
  );
}

function ShelfItem({
  id,
  isOpen,
  isFront,
}: {
  readonly id: string;
  readonly isOpen: boolean;
  readonly isFront: boolean;
}): ReactElement {
  const title = useWindowTitle(id);
  const isWorking = useSessions(({ running }) => id === "chat" && Object.values(running).includes(true));
  return (
    <li>
      <button
        type="button"
        className="shelf-item"
        aria-label={isWorking ? `${title}, working` : title}
        title={title}
        aria-current={isFront ? "true" : undefined}
        data-open={isOpen}
        data-working={isWorking}
        onClick={() => (isOpen ? windows.toggle(id) : windows.open(id))}
      >
        <WindowIcon id={id} />
        <span className="shelf-label">{title}</span>
      </button>
    </li>
  );
}

function ShelfStatus(): ReactElement {
  const facts = useConnection((state) => state.facts);
  const [isKeyOpen, openKey] = useState(false);
  return (
    <div className="shelf-status">
      {facts?.rehearsal === true && (
        <button type="button" className="shelf-rehearsal" onClick={() => openKey(true)}>
          <span className="spark" aria-hidden="true" /> Rehearsal
        </button>
      )}
      <ApprovalsBell />
      <Clock />
      {isKeyOpen && <KeyDialog onClose={() => openKey(false)} />}
    </div>
  );
}

function Clock(): ReactElement {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), 60_000 - (now.getTime() % 60_000));
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <time className="clock" dateTime={now.toISOString()}>
      {now.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}
