import { z } from "zod";
import { create } from "zustand";
import { readKept, keep } from "./kept-state.ts";
import {
  type Area,
  type Layout,
  type Mode,
  type Rect,
  MAX_WINDOWS,
  closeWindow,
  findFront,
  focusWindow,
  minimiseWindow,
  openWindow,
  placeWindow,
  setMode,
  toFirstRect,
} from "./window-layout.ts";

const KEY = "windows";
/** Height of the shelf with its margins; `--shelf-height` in tokens.css. */
const SHELF_HEIGHT = 72;
const whole = z.number().min(-10_000).max(20_000);
const keptLayout = z
  .array(
    z.object({
      id: z.string().max(100),
      rect: z.object({ x: whole, y: whole, width: whole, height: whole }),
      mode: z.enum(["free", "full", "left", "right"]),
      minimised: z.boolean(),
      depth: z.number(),
    }),
  )
  .max(MAX_WINDOWS);

/** The windows of this browser; kept over reloads. */
export const useWindows = create<{ readonly layout: Layout; readonly area: Area }>(() => ({
  layout: readKept(KEY, keptLayout) ?? [],
  area: readArea(),
}));

/** What windows do; each change is kept. */
export const windows = {
  open: (id: string): void =>
    update((layout, area) =>
      openWindow(layout, id, toFirstRect(id, area, layout.filter((one) => one.id !== "chat").length)),
    ),
  close: (id: string): void => update((layout) => closeWindow(layout, id)),
  focus: (id: string): void => update((layout) => focusWindow(layout, id)),
  minimise: (id: string): void => update((layout) => minimiseWindow(layout, id)),
  minimiseAll: (): void => update((layout) => layout.map((window) => ({ ...window, minimised: true }))),
  setMode: (id: string, mode: Mode): void => update((layout) => setMode(layout, id, mode)),
  place: (id: string, rect: Rect): void => update((layout, area) => placeWindow(layout, { id, rect }, area)),
  /** What a click on a window's place in the shelf does: show it, or put it away when it is in front. */
  toggle: (id: string): void =>
    update((layout) => (findFront(layout)?.id === id ? minimiseWindow(layout, id) : focusWindow(layout, id))),
} as const;

/** Follows the size of the viewport; returns how to stop. */
export function followViewport(): () => void {
  const note = (): void => useWindows.setState({ area: readArea() });
  globalThis.addEventListener("resize", note);
  return () => globalThis.removeEventListener("resize", note);
}

function readArea(): Area {
  return { width: globalThis.innerWidth, height: Math.max(200, globalThis.innerHeight - SHELF_HEIGHT) };
}

function update(change: (layout: Layout, area: Area) => Layout): void {
  const { layout, area } = useWindows.getState();
  const next = change(layout, area);
  if (next === layout) return;
  useWindows.setState({ layout: next });
  keep(KEY, next);
}
