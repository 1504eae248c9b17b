import type { ReactElement } from "react";
import { toRecentOrder } from "../state/window-layout.ts";
import { useWindows } from "../state/window-store.ts";
import { useWindowTitle, WindowIcon } from "./window-title.tsx";

/** All windows in a row while one goes through them by keyboard. */
export function Switcher({ chosen }: { readonly chosen: string }): ReactElement {
  const layout = useWindows((state) => state.layout);
  return (
    <div className="switcher" role="listbox" aria-label="Windows">
      {toRecentOrder(layout).map(({ id }) => (
        <SwitcherItem key={id} id={id} isChosen={id === chosen} />
      ))}
    </div>
  );
}

function SwitcherItem({ id, isChosen }: { readonly id: string; readonly isChosen: boolean }): ReactElement {
  const title = useWindowTitle(id);
  return (
    <div className="switcher-item" role="option" aria-selected={isChosen}>
      <span className="tile">
        <WindowIcon id={id} />
      </span>
      <span className="small">{title}</span>
    </div>
  );
}
