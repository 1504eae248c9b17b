/** A place on the desktop in CSS pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What windows may cover: the viewport without the shelf. */
export interface Area {
  readonly width: number;
  readonly height: number;
}

/** How a window stands: free, or snapped to the whole area or a half of it. */
export type Mode = "free" | "full" | "left" | "right";

/** One window. `rect` is where it stands when it is free. */
export interface WindowState {
  /** `chat`, `files`, `history`, `settings` or `app:<name>`: each stands open once at most. */
  readonly id: string;
  readonly rect: Rect;
  readonly mode: Mode;
  readonly minimised: boolean;
  /** Greater is nearer to the eye. */
  readonly depth: number;
}

/** All windows in the order they were opened, which never changes: moving an app's frame in the page would reload it. */
export type Layout = readonly WindowState[];

/** A window is never smaller than this, unless the area is. */
export const MIN_SIZE = { width: 320, height: 220 } as const;
/** More windows than this are refused. */
export const MAX_WINDOWS = 24;
const MARGIN = 12;
/** How much of a title bar stays reachable at the edges. */
const REACHABLE = 96;

/** Opens a window in front, or brings back the one with this id. */
export function openWindow(layout: Layout, id: string, rect: Rect): Layout {
  if (layout.some((window) => window.id === id)) return focusWindow(layout, id);
  if (layout.length >= MAX_WINDOWS) return layout;
  return [...layout, { id, rect, mode: "free", minimised: false, depth: toTop(layout) }];
}

/** Takes a window away. */
export function closeWindow(layout: Layout, id: string): Layout {
  return layout.filter((window) => window.id !== id);
}

/** Brings a window to the front, out of the shelf if it was there. */
export function focusWindow(layout: Layout, id: string): Layout {
  if (findFront(layout)?.id === id) return layout;
  return change(layout, id, { minimised: false, depth: toTop(layout) });
}

/** Puts a window into the shelf. */
export function minimiseWindow(layout: Layout, id: string): Layout {
  return change(layout, id, { minimised: true });
}

/** Sets how a window stands. */
export function setMode(layout: Layout, id: string, mode: Mode): Layout {
  return change(layout, id, { mode });
}

/** Moves or resizes a window; it becomes free and stays reachable. */
export function placeWindow(layout: Layout, at: { readonly id: string; readonly rect: Rect }, area: Area): Layout {
  return change(layout, at.id, { rect: fitRect(at.rect, area), mode: "free" });
}

/** The window nearest to the eye that is not in the shelf. */
export function findFront(layout: Layout): WindowState | undefined {
  return layout
    .filter((window) => !window.minimised)
    .toSorted((a, b) => a.depth - b.depth)
    .at(-1);
}

/** Windows by how recently they were in front, those in the shelf last: the order in which a switcher offers them. */
export function toRecentOrder(layout: Layout): Layout {
  return layout.toSorted((a, b) => Number(a.minimised) - Number(b.minimised) || b.depth - a.depth);
}

/** Where a window is drawn. */
export function toShownRect(window: Pick<WindowState, "mode" | "rect">, area: Area): Rect {
  const half = Math.floor(area.width / 2);
  switch (window.mode) {
    case "free":
      return fitRect(window.rect, area);
    case "full":
      return { x: 0, y: 0, ...area };
    case "left":
      return { x: 0, y: 0, width: half, height: area.height };
    case "right":
      return { x: half, y: 0, width: area.width - half, height: area.height };
    default:
      return window.mode satisfies never;
  }
}

/** A rectangle of at least the least size whose title bar stays inside the area. */
export function fitRect(rect: Rect, area: Area): Rect {
  const width = clamp(rect.width, Math.min(MIN_SIZE.width, area.width), area.width);
  const height = clamp(rect.height, Math.min(MIN_SIZE.height, area.height), area.height);
  return {
    width,
    height,
    x: clamp(rect.x, REACHABLE - width, area.width - REACHABLE),
    y: clamp(rect.y, 0, Math.max(0, area.height - 40)),
  };
}

/** Where a window first stands: the chat at the right edge, others left of it, each a little lower than the last. */
export function toFirstRect(id: string, area: Area, openCount: number): Rect {
  const chatWidth = clamp(area.width * 0.36, 380, 520);
  const tallest = Math.max(MIN_SIZE.height, area.height - 2 * MARGIN);
  if (id === "chat") {
    return fitRect({ x: area.width - chatWidth - MARGIN, y: MARGIN, width: chatWidth, height: tallest }, area);
  }
  const step = (openCount % 5) * 28;
  const room = area.width - chatWidth - 3 * MARGIN - step;
  const isApp = id.startsWith("app:");
  const width = clamp(isApp ? room : room * 0.84, 420, isApp ? 1_000 : 760);
  const x = Math.max(MARGIN, (room - width) / 2 + MARGIN) + step;
  const height = clamp(area.height * 0.86, 380, tallest - step);
  return fitRect({ x, y: MARGIN + step, width, height }, area);
}

function change(layout: Layout, id: string, to: Partial<WindowState>): Layout {
  return layout.map((window) => (window.id === id ? { ...window, ...to } : window));
}

function toTop(layout: Layout): number {
  return layout.reduce((top, window) => Math.max(top, window.depth), 0) + 1;
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.max(least, Math.min(most, value)));
}
