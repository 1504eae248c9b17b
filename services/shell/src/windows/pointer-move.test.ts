import { describe, expect, test } from "vitest";
import { MIN_SIZE } from "../state/window-layout.ts";
import { pullRect, toKeyMove, toSnap } from "./pointer-move.ts";

const rect = { x: 100, y: 100, width: 500, height: 400 };
const area = { width: 1_200, height: 700 };
const noKeys = { shiftKey: false, altKey: false, ctrlKey: false };

describe("a window that is pulled", () => {
  test("by its title moves as a whole", () => {
    expect(pullRect(rect, "title", { x: 30, y: -20 })).toEqual({ ...rect, x: 130, y: 80 });
  });

  test("by an edge leaves the opposite edge where it is, also at the least size", () => {
    expect(pullRect(rect, "se", { x: 10, y: 10 })).toEqual({ ...rect, width: 510, height: 410 });
    expect(pullRect(rect, "nw", { x: 10, y: 10 })).toEqual({ x: 110, y: 110, width: 490, height: 390 });
    const small = pullRect(rect, "nw", { x: 900, y: 900 });
    expect(small).toEqual({ x: 600 - MIN_SIZE.width, y: 500 - MIN_SIZE.height, ...MIN_SIZE });
  });

  test("snaps at the edges and nowhere else", () => {
    expect(toSnap({ x: 4, y: 300 }, area)).toBe("left");
    expect(toSnap({ x: 1_195, y: 300 }, area)).toBe("right");
    expect(toSnap({ x: 600, y: 0 }, area)).toBe("full");
    expect(toSnap({ x: 600, y: 300 }, area)).toBeUndefined();
  });

  test("by keys: arrows move, Shift resizes, Alt snaps, others do nothing", () => {
    expect(toKeyMove({ ...noKeys, key: "ArrowRight" }, rect)).toEqual({ rect: { ...rect, x: 124 } });
    expect(toKeyMove({ ...noKeys, key: "ArrowDown", shiftKey: true }, rect)).toEqual({
      rect: { ...rect, height: 424 },
    });
    expect(toKeyMove({ ...noKeys, key: "ArrowLeft", altKey: true }, rect)).toEqual({ mode: "left" });
    expect(toKeyMove({ ...noKeys, key: "Enter" }, rect)).toBeUndefined();
  });
});
