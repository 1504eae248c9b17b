import { describe, expect, test } from "vitest";
import {
  type Layout,
  MAX_WINDOWS,
  closeWindow,
  findFront,
  fitRect,
  focusWindow,
  minimiseWindow,
  openWindow,
  placeWindow,
  setMode,
  toFirstRect,
  toRecentOrder,
  toShownRect,
} from "./window-layout.ts";

const area = { width: 1_200, height: 700 };
const rect = { x: 100, y: 80, width: 500, height: 400 };
const three: Layout = ["a", "b", "c"].reduce<Layout>((layout, id) => openWindow(layout, id, rect), []);

describe("the layout of windows", () => {
  test("a window opens in front; opening it again only brings it there", () => {
    expect(findFront(three)?.id).toBe("c");
    const again = openWindow(three, "a", rect);
    expect(again).toHaveLength(3);
    expect(findFront(again)?.id).toBe("a");
  });

  test("windows keep the order they were opened in, whatever is in front: moving a frame would reload its app", () => {
    const layout = focusWindow(focusWindow(three, "a"), "b");
    expect(layout.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(toRecentOrder(layout).map(({ id }) => id)).toEqual(["b", "a", "c"]);
  });

  test("to focus the window in front changes nothing", () => {
    expect(focusWindow(three, "c")).toBe(three);
  });

  test("a window in the shelf is not in front and comes last in the switcher; focus brings it back", () => {
    const layout = minimiseWindow(three, "c");
    expect(findFront(layout)?.id).toBe("b");
    expect(toRecentOrder(layout).map(({ id }) => id)).toEqual(["b", "a", "c"]);
    expect(findFront(focusWindow(layout, "c"))?.minimised).toBe(false);
  });

  test("closing takes it away; more windows than the bound are refused", () => {
    expect(closeWindow(three, "b").map(({ id }) => id)).toEqual(["a", "c"]);
    const full = Array.from({ length: MAX_WINDOWS + 3 }, (_, n) => `w${n}`).reduce<Layout>(
      (layout, id) => openWindow(layout, id, rect),
      [],
    );
    expect(full).toHaveLength(MAX_WINDOWS);
  });

  test("halves cover the area without a gap, also when its width is odd", () => {
    const odd = { width: 1_201, height: 700 };
    const left = toShownRect({ mode: "left", rect }, odd);
    const right = toShownRect({ mode: "right", rect }, odd);
    expect(left.width + right.width).toBe(1_201);
    expect(right.x).toBe(left.width);
    expect(toShownRect({ mode: "full", rect }, odd)).toEqual({ x: 0, y: 0, ...odd });
  });

  test("moving a snapped window makes it free", () => {
    const layout = placeWindow(setMode(three, "a", "full"), { id: "a", rect }, area);
    expect(layout[0]).toMatchObject({ mode: "free", rect });
  });

  test.each([
    ["far left", { ...rect, x: -5_000 }],
    ["far right", { ...rect, x: 5_000 }],
    ["far above", { ...rect, y: -900 }],
    ["far below", { ...rect, y: 9_000 }],
    ["tiny", { ...rect, width: 1, height: 1 }],
    ["huge", { x: 0, y: 0, width: 9_999, height: 9_999 }],
  ])("a window that is %s keeps a title bar that can be reached", (_, wild) => {
    const { x, y, width, height } = fitRect(wild, area);
    expect(x + width).toBeGreaterThanOrEqual(96);
    expect(x).toBeLessThanOrEqual(area.width - 96);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(area.height - 40);
    expect(width).toBeLessThanOrEqual(area.width);
    expect(height).toBeLessThanOrEqual(area.height);
  });

  test("an app first stands beside the chat, not under it", () => {
    const chat = toFirstRect("chat", area, 0);
    for (const openCount of [0, 1, 4, 9]) {
      const app = toFirstRect("app:habits", area, openCount);
      expect(app.x + app.width).toBeLessThanOrEqual(chat.x);
    }
  });
});
