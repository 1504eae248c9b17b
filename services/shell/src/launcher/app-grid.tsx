import type { AppInfo } from "@matrix-os/contracts/api/app";
import type { ReactElement } from "react";
import { windows } from "../state/window-store.ts";

/** Apps as tiles; a click opens one. A broken one says what is wrong. */
export function AppGrid({
  apps,
  onOpened,
}: {
  readonly apps: readonly AppInfo[];
  readonly onOpened?: () => void;
}): ReactElement {
  return (
    <ul className="app-grid" aria-label="Apps">
      {apps.map(({ app, manifest, problem }) => (
        <li key={app}>
          <button
            type="button"
            className="app-tile"
            title={problem ?? manifest.description}
            data-broken={problem !== undefined}
            onClick={() => {
              windows.open(`app:${app}`);
              onOpened?.();
            }}
          >
            <span className="tile" aria-hidden="true">
              {manifest.icon}
            </span>
            <span className="app-name">{manifest.name}</span>
            {problem !== undefined && <span className="small bad">needs a fix</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
