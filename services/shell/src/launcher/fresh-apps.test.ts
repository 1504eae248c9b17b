import type { Change } from "@matrix-os/contracts/file/written.event";
import { describe, expect, test } from "vitest";
import { type FreshApps, isComplete, noteFreshFiles, toTouchedApps } from "./fresh-apps.ts";

const toChange = (paths: Change["paths"], origin: Change["origin"]): Change => ({
  seq: 1,
  change: "c_1",
  at: "2026-11-24T12:00:00.000Z",
  origin,
  paths,
  pathCount: paths.length,
});
const turn = { actor: "kernel", session: "s_1", turn: "t1" };
const none: FreshApps = new Map();

describe("new apps", () => {
  test("an app that a turn writes waits until its manifest and its first page are there", () => {
    const first = noteFreshFiles(none, toChange([{ path: "apps/habits/app.js", kind: "created" }], turn));
    const second = noteFreshFiles(first, toChange([{ path: "apps/habits/app.json", kind: "created" }], turn));
    const third = noteFreshFiles(second, toChange([{ path: "apps/habits/index.html", kind: "created" }], turn));
    const complete = [first, second, third].map((apps) => {
      const app = apps.get("habits");
      return app !== undefined && isComplete(app, "index.html");
    });
    expect(complete).toEqual([false, false, true]);
  });

  test("what the owner or another program writes opens nothing", () => {
    const change = toChange([{ path: "apps/habits/app.json", kind: "created" }], { actor: "owner" });
    expect(noteFreshFiles(none, change)).toBe(none);
  });

  test("a change of an app that is there already opens nothing", () => {
    const change = toChange([{ path: "apps/habits/app.json", kind: "updated" }], turn);
    expect(noteFreshFiles(none, change).size).toBe(0);
  });

  test("the apps that a change touches are named once each", () => {
    const paths = ["apps/a/app.json", "apps/a/x.js", "apps/b/i.html", "apps", "notes/apps/c/x"].map((path) => ({
      path,
      kind: "updated" as const,
    }));
    expect(toTouchedApps(toChange(paths, turn))).toEqual(["a", "b"]);
  });
});
