import { type ReactElement, useEffect } from "react";
import { Mark } from "../design/icon.tsx";
import { CopyLine } from "../design/parts.tsx";
import { reconnect } from "../live/ask.ts";
import { noteConnection, useConnection } from "../state/connection-store.ts";

const BACK_SHOWN_MS = 2_500;

/** Says honestly when the desktop has no connection, and when it is back. Silent while all is well. */
export function ConnectionBanner(): ReactElement {
  const { phase, wasOpen, attempt, justBack } = useConnection((state) => state.connection);
  useEffect(() => {
    if (!justBack) return undefined;
    const timer = setTimeout(() => noteConnection("told-back"), BACK_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [justBack]);
  // The first attempt is quick; there is nothing to say about it.
  const isOffline = phase !== "open" && (wasOpen || attempt > 1);
  return (
    <div className="connection-place" role="status" aria-live="polite">
      {isOffline && (
        <div className="connection" data-kind="offline">
          <span className="pulse" aria-hidden="true" />
          <span>{wasOpen ? "The connection was lost. Trying to get it back." : "Connecting to Matrix OS."}</span>
          <button type="button" className="button" onClick={reconnect}>
            Try now
          </button>
        </div>
      )}
      {!isOffline && justBack && (
        <div className="connection" data-kind="back">
          <span>Back. Nothing was lost.</span>
        </div>
      )}
    </div>
  );
}

/** What a browser that is not logged in sees. */
export function LoggedOut(): ReactElement {
  return (
    <main className="logged-out">
      <div className="wallpaper" aria-hidden="true" />
      <section className="card">
        <Mark size={40} />
        <h1>This browser is not logged in</h1>
        <p className="soft">
          On the machine that runs Matrix OS, make a login link and open it here. It works once, for ten minutes.
        </p>
        <CopyLine text="matrixos link" label="Copy the command" />
        <button type="button" className="button" onClick={reconnect}>
          Try again
        </button>
      </section>
    </main>
  );
}
