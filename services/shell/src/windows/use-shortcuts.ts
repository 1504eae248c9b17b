import { useEffect, useState } from "react";
import { toRecentOrder } from "../state/window-layout.ts";
import { useWindows, windows } from "../state/window-store.ts";

/** What the keyboard opened. */
export interface Shortcuts {
  readonly launcher: { readonly isOpen: boolean; readonly toggle: () => void; readonly close: () => void };
  /** The window that the switcher would bring to the front. */
  readonly switcher: { readonly chosen: string | undefined };
}

/**
 * The desktop's keys: Ctrl/Cmd+K and F3 open the launcher; Alt+` (beside the 1) goes through the windows, the one chosen
 * comes to the front when Alt is let go; Esc ends either.
 */
export function useShortcuts(): Shortcuts {
  const [isOpen, setOpen] = useState(false);
  const [chosen, choose] = useState<string | undefined>(undefined);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isLauncherKey(event)) {
        event.preventDefault();
        setOpen((before) => !before);
      } else if (event.altKey && event.code === "Backquote") {
        event.preventDefault();
        choose((before) => toNext(before, event.shiftKey ? -1 : 1));
      } else if (event.key === "Escape") {
        choose(undefined);
      }
    };
    const release = (event: KeyboardEvent): void => {
      if (event.key !== "Alt" || chosen === undefined) return;
      choose(undefined);
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      windows.focus(chosen);
    };
    globalThis.addEventListener("keydown", press);
    globalThis.addEventListener("keyup", release);
    return () => {
      globalThis.removeEventListener("keydown", press);
      globalThis.removeEventListener("keyup", release);
    };
  }, [chosen]);
  return {
    launcher: { isOpen, toggle: () => setOpen(!isOpen), close: () => setOpen(false) },
    switcher: { chosen },
  };
}

function isLauncherKey(event: KeyboardEvent): boolean {
  return event.key === "F3" || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
}

/** The next window in the order in which they were in front; the first press skips the one that is in front. */
function toNext(before: string | undefined, step: 1 | -1): string | undefined {
  const order = toRecentOrder(useWindows.getState().layout).map(({ id }) => id);
  if (order.length === 0) return undefined;
  const from = before === undefined ? 0 : order.indexOf(before);
  return order[(from + step + order.length) % order.length];
}
