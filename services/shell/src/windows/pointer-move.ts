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
  const horizontal = pullAxis(
    { start: rect.x, size: rect.width },
    { by: by.x, least: MIN_SIZE.width, side: toSide(grip, "w", "e") },
  );
  const vertical = pullAxis(
    { start: rect.y, size: rect.height },
    { by: by.y, least: MIN_SIZE.height, side: toSide(grip, "n", "s") },
  );
  return { x: horizontal.start, y: vertical.start, width: horizontal.size, height: vertical.size };
}

interface Span {
  readonly start: number;
  readonly size: number;
}

type Side = "start" | "end" | "none";

function toSide(grip: Grip, start: string, end: string): Side {
  if (grip.includes(end)) return "end";
  return grip.includes(start) ? "start" : "none";
}

function pullAxis(span: Span, pull: { readonly by: number; readonly least: number; readonly side: Side }): Span {
  switch (pull.side) {
    case "none":
      return span;
    case "end":
      return { ...span, size: Math.max(pull.least, span.size + pull.by) };
    case "start": {
      const size = Math.max(pull.least, span.size - pull.by);
      return { start: span.start + span.size - size, size };
    }
    default:
      return pull.side satisfies never;
  }
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
const snaps: Readonly<Record<string, Mode>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "full",
  ArrowDown: "free",
};

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
