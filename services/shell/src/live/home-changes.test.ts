import type { Change } from "@matrix-os/contracts/file/written.event";
import { expect, test } from "vitest";
import { touches } from "./home-changes.ts";

const change: Change = {
  seq: 1,
  change: "c_1",
  at: "2026-11-24T12:00:00.000Z",
  origin: { actor: "owner" },
  paths: [{ path: "notes/milk.md", kind: "created" }],
  pathCount: 1,
};

test("a change touches its paths and the folders above them, not their namesakes", () => {
  expect(["", "notes", "notes/milk.md"].map((path) => touches(change, path))).toEqual([true, true, true]);
  expect(["note", "notes/milk", "apps"].map((path) => touches(change, path))).toEqual([false, false, false]);
});

test("lost changes, and change-sets that name only their first paths, may touch anything", () => {
  expect(touches(undefined, "apps")).toBe(true);
  expect(touches({ ...change, pathCount: 900 }, "apps")).toBe(true);
});
