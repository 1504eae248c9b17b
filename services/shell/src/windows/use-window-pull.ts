import { type PointerEvent, useState } from "react";
import { type Mode, type Rect, toShownRect } from "../state/window-layout.ts";
import { useWindows, windows } from "../state/window-store.ts";
import { type Grip, pullRect, toSnap } from "./pointer-move.ts";

/** What a window needs to follow the pointer. */
export interface WindowPull {
  /** How the window would stand if it were let go now. */
  readonly snap: Exclude<Mode, "free"> | undefined;
  readonly start: (grip: Grip) => (event: PointerEvent<HTMLElement>) => void;
}

/** Lets grips of a window follow the pointer: mouse, pen and touch alike. */
export function useWindowPull(id: string): WindowPull {
  const [snap, setSnap] = useState<Exclude<Mode, "free"> | undefined>(undefined);
  const start =
    (grip: Grip) =>
    (event: PointerEvent<HTMLElement>): void => {
      if (event.button !== 0 || (event.target as Element).closest("button") !== null) return;
      const handle = event.currentTarget;
      const from = { x: event.clientX, y: event.clientY };
      const origin = toOrigin(id, grip, from);
      if (origin === undefined) return;
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      document.documentElement.dataset["pulling"] = grip;
      let target: Exclude<Mode, "free"> | undefined;
      const move = (at: globalThis.PointerEvent): void => {
        const by = { x: at.clientX - from.x, y: at.clientY - from.y };
        if (by.x === 0 && by.y === 0) return;
        windows.place(id, pullRect(origin, grip, by));
        target = grip === "title" ? toSnap({ x: at.clientX, y: at.clientY }, useWindows.getState().area) : undefined;
        setSnap(target);
      };
      const end = (): void => {
        handle.removeEventListener("pointermove", move);
        delete document.documentElement.dataset["pulling"];
        if (target !== undefined) windows.setMode(id, target);
        setSnap(undefined);
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("lostpointercapture", end, { once: true });
    };
  return { snap, start };
}

/** Where the pull begins; a snapped window that is pulled by its title comes loose under the pointer. */
function toOrigin(id: string, grip: Grip, pointer: { readonly x: number; readonly y: number }): Rect | undefined {
  const { layout, area } = useWindows.getState();
  const window = layout.find((one) => one.id === id);
  if (window === undefined) return undefined;
  const shown = toShownRect(window, area);
  if (window.mode === "free" || grip !== "title") return shown;
  const share = (pointer.x - shown.x) / shown.width;
  return { ...window.rect, x: pointer.x - window.rect.width * share, y: shown.y };
}
