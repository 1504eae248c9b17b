import { type Area, type Mode, type Rect, MIN_SIZE } from "../state/window-layout.ts";

/** Which edges of a window follow the pointer; `title`: the whole window. */
export type Grip = "title" | "n" | "s" | "e" | "w" | "ne" | "nw" | "se" | "sw";

/** How far the pointer has gone since it was pressed. */
export interface Shift {
  readonly x: number;
  readonly y: number;
}

/** The window after a grip was pulled; the opposite edges stay where they are. */
export function pullRect(rect: Rect, grip: Grip, by: Shift): Rect {
  if (grip === "title") return { ...rect, x: rect.x + by.x, y: rect.y + by.y };
  const horizontal = grip.includes("e")
    ? { width: Math.max(MIN_SIZE.width, rect.width + by.x) }
    : grip.includes("w")
      ? pullStart(rect.x, rect.width, { by: by.x, least: MIN_SIZE.width }, toHorizontal)
      : {};
  const vertical = grip.includes("s")
    ? { height: Math.max(MIN_SIZE.height, rect.height + by.y) }
    : grip.includes("n")
      ? pullStart(rect.y, rect.height, { by: by.y, least: MIN_SIZE.height }, toVertical)
      : {};
  return { ...rect, ...horizontal, ...vertical };
}

const toHorizontal = (x: number, width: number): Partial<Rect> => ({ x, width });
const toVertical = (y: number, height: number): Partial<Rect> => ({ y, height });

function pullStart(
  start: number,
  size: number,
  pull: { readonly by: number; readonly least: number },
  to: (start: number, size: number) => Partial<Rect>,
): Partial<Rect> {
  const next = Math.max(pull.least, size - pull.by);
  return to(start + size - next, next);
}

/** How near to an edge the pointer must be for a window to snap there. */
const SNAP_PX = 10;

/** How a window will stand when it is let go here; undefined: free. */
export function toSnap(pointer: Shift, area: Area): Exclude<Mode, "free"> | undefined {
  if (pointer.x <= SNAP_PX) return "left";
  if (pointer.x >= area.width - SNAP_PX) return "right";
  return pointer.y <= 2 ? "full" : undefined;
}

const KEY_STEP = 24;
const arrows: Readonly<Record<string, Shift>> = {
  ArrowLeft: { x: -KEY_STEP, y: 0 },
  ArrowRight: { x: KEY_STEP, y: 0 },
  ArrowUp: { x: 0, y: -KEY_STEP },
  ArrowDown: { x: 0, y: KEY_STEP },
};
const snaps: Readonly<Record<string, Mode>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "full", ArrowDown: "free" };

/** What a key does to a window: arrows move it, Shift and an arrow pull its size, Alt or Ctrl and an arrow snap it. */
export function toKeyMove(
  key: { readonly key: string; readonly shiftKey: boolean; readonly altKey: boolean; readonly ctrlKey: boolean },
  rect: Rect,
): { readonly rect: Rect } | { readonly mode: Mode } | undefined {
  const by = arrows[key.key];
  if (by === undefined) return undefined;
  if (key.altKey || key.ctrlKey) return { mode: snaps[key.key] ?? "free" };
  return { rect: pullRect(rect, key.shiftKey ? "se" : "title", by) };
}
