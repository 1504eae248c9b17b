import { type ReactElement, useState } from "react";
import { Dialog, EmptyState, FailureState, Skeleton } from "../design/parts.tsx";
import { useApps } from "../state/app-store.ts";
import { windows } from "../state/window-store.ts";
import { AppGrid } from "./app-grid.tsx";
import { listApps } from "./live-apps.ts";

/** All apps, with a search; Enter opens the first one found. */
export function Launcher({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { apps, loading } = useApps();
  const [query, setQuery] = useState("");
  const words = query.trim().toLowerCase();
  const found = apps.filter(({ app, manifest }) =>
    `${manifest.name} ${manifest.description} ${app}`.toLowerCase().includes(words),
  );
  const openFirst = (): void => {
    const first = found[0];
    if (first === undefined) return;
    windows.open(`app:${first.app}`);
    onClose();
  };
  return (
    <Dialog label="Apps" className="launcher" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          openFirst();
        }}
      >
        <input
          className="input"
          type="search"
          placeholder="Find an app"
          aria-label="Find an app"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </form>
      {loading === "loading" && <Skeleton label="Loading apps" />}
      {typeof loading === "object" && <FailureState failure={loading.failure} onRetry={() => void listApps()} />}
      {loading === "ready" && apps.length === 0 && (
        <EmptyState title="No apps yet">
          <p>Ask for one in the chat, such as “make me a habit tracker”. It opens here as soon as it is written.</p>
        </EmptyState>
      )}
      {apps.length > 0 && found.length === 0 && <p className="soft none-found">No app is called “{query.trim()}”.</p>}
      <AppGrid apps={found} onOpened={onClose} />
    </Dialog>
  );
}
