import { expect, test } from "vitest";
import { toFrameName, toLocalTexts } from "./frame-data.ts";

test("a frame's name carries what its first script needs", () => {
  const name = toFrameName({ app: "habits", theme: "dark", kept: { page: 2 }, local: { a: "1" } });
  expect(JSON.parse(name)).toEqual({ matrix: 1, app: "habits", theme: "dark", kept: { page: 2 }, local: { a: "1" } });
});

test("of a stored stand-in only texts are taken over", () => {
  expect(toLocalTexts({ a: "1", b: 2, c: null })).toEqual({ a: "1" });
  expect([null, "x", 7, undefined].map(toLocalTexts)).toEqual([{}, {}, {}, {}]);
});
