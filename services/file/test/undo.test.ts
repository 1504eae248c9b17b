import fs from "node:fs";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deletePath } from "../src/on-request/delete.ts";
import { history } from "../src/on-request/history.ts";
import { move } from "../src/on-request/move.ts";
import { undo } from "../src/on-request/undo.ts";
import { naughtyNames } from "./parts/naughty-names.ts";
import { type TestHome, errorOf, openTestHome, photograph } from "./parts/test-home.ts";

const origin = { actor: "owner" };
const inTurn = (turn: string) => ({ actor: "kernel", session: "s_1", turn });

let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
  await test.deps.settled;
});
afterEach(() => test[Symbol.asyncDispose]());

const takeBack = (wish: object = {}) => test.ask(undoRequest, undo, { origin, ...wish });
const entries = async (wish: object = {}) => (await test.ask(historyRequest, history, wish)).entries;
const text = (path: string) => fs.readFileSync(test.at(path), "utf8");

describe("history", () => {
  it("gathers a turn's changes and keeps others apart, newest first", async () => {
    await test.put("a", "1");
    await test.put("b", "1", "t1");
    await test.put("c", "1");
    await test.put("b", "2", "t1");
    await test.put("d", "1", "t1");
    const all = await entries();
    expect(all.map(({ id, summary, pathCount }) => [id, summary, pathCount])).toEqual([
      ["c_3", "c", 1],
      ["c_2", "b, d", 2],
      ["c_1", "a", 1],
    ]);
    expect(all[1]).toMatchObject({
      origin: inTurn("t1"),
      state: "applied",
      paths: [
        { path: "b", kind: "created" },
        { path: "d", kind: "created" },
      ],
    });
    expect((await entries({ path: "d" })).map(({ id }) => id)).toEqual(["c_2"]);
    expect(await test.ask(historyRequest, history, { limit: 1, before: "c_3" })).toMatchObject({
      entries: [{ id: "c_2" }],
      more: true,
    });
  });

  it("is the same after a restart, also without its change log", async () => {
    await test.put("a", "1", "t1");
    await test.put("b", "1", "t1");
    await takeBack();
    const before = await entries();
    await test.restart();
    expect(await entries()).toEqual(before);
    await test.stop();
    fs.rmSync(test.at(".matrix/changes"), { recursive: true });
    await test.start();
    const strip = (list: typeof before) => list.map(({ at: _at, ...rest }) => rest);
    expect(strip(await entries())).toEqual(strip(before));
    expect(await test.put("c", "1")).toBe(4);
  });
});

it("a damaged line of the change log is read from the history instead", async () => {
  for (let at = 1; at <= 5; at += 1) await test.put("a", `${at}`);
  await test.stop();
  const file = test.at(".matrix/changes/000000000001.jsonl");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"seq":3', '"seq":'));
  await test.start();
  expect(await test.put("a", "6")).toBe(6);
  for (const round of ["at once", "after a restart"]) {
    expect([round, test.deps.recorder.log.all().map(({ seq }) => seq)]).toEqual([round, [1, 2, 3, 4, 5, 6]]);
    await test.restart();
  }
});

describe("undo and redo", () => {
  it("walks back and forth byte for byte", async () => {
    await test.put("a", "1");
    await test.put("a", "2");
    expect(await takeBack()).toMatchObject({
      entry: "c_2",
      paths: [{ path: "a", kind: "updated" }],
      conflicts: [],
      seq: 3,
    });
    expect(text("a")).toBe("1");
    await takeBack();
    expect(fs.existsSync(test.at("a"))).toBe(false);
    expect((await errorOf(takeBack())).code).toBe("nothing-to-undo");
    expect(await takeBack({ direction: "redo" })).toMatchObject({ entry: "c_4" });
    expect(text("a")).toBe("1");
    await takeBack({ direction: "redo" });
    expect(text("a")).toBe("2");
    expect((await errorOf(takeBack({ direction: "redo" }))).code).toBe("nothing-to-undo");
    await takeBack();
    expect(text("a")).toBe("1");
    expect((await entries()).map(({ id, state, reverses }) => [id, state, reverses])).toEqual([
      ["c_7", "applied", "c_2"],
      ["c_6", "applied", "c_3"],
      ["c_5", "applied", "c_4"],
      ["c_4", "undone", "c_1"],
      ["c_3", "undone", "c_2"],
      ["c_2", "undone", undefined],
      ["c_1", "applied", undefined],
    ]);
  });

  it("takes back a named entry, and redoes it by its name", async () => {
    await test.put("a", "1");
    await test.put("b", "1");
    await takeBack({ entry: "c_1" });
    expect(fs.existsSync(test.at("a"))).toBe(false);
    expect((await errorOf(takeBack({ entry: "c_1" }))).code).toBe("nothing-to-undo");
    expect((await errorOf(takeBack({ entry: "c_99" }))).code).toBe("not-found");
    expect((await errorOf(takeBack({ entry: "c_2", direction: "redo" }))).code).toBe("nothing-to-undo");
    await takeBack({ entry: "c_1", direction: "redo" });
    expect(text("a")).toBe("1");
  });

  it("takes back a whole turn: created, changed, moved, deleted files and the folders it made", async () => {
    await test.put("keep/a", "1");
    await test.put("keep/b", "1");
    await test.put("dir/x/y", "1");
    const before = photograph(test.home);
    await test.put("keep/a", "2", "t");
    await test.put("new/deep/c", "1", "t");
    await test.ask(deleteRequest, deletePath, { path: "keep/b", origin: inTurn("t") });
    await test.ask(moveRequest, move, { from: "dir", to: "moved/dir", origin: inTurn("t") });
    const after = photograph(test.home);
    await takeBack();
    expect(photograph(test.home)).toEqual(before);
    await takeBack({ direction: "redo" });
    expect(photograph(test.home)).toEqual(after);
  });

  it("restores modes, links, empty folders and bytes of any kind exactly", async () => {
    fs.mkdirSync(test.at("odd/empty/deeper"), { recursive: true });
    fs.mkdirSync(test.at("odd/secret"), { mode: 0o700 });
    fs.writeFileSync(test.at("odd/secret/key"), Buffer.from([0, 1, 2, 255, 10, 13]), { mode: 0o600 });
    fs.writeFileSync(test.at("odd/run"), "#!/bin/sh\n", { mode: 0o755 });
    fs.writeFileSync(test.at("odd/read-only"), "x", { mode: 0o444 });
    fs.writeFileSync(test.at("odd/nothing"), "");
    fs.symlinkSync("run", test.at("odd/link"));
    fs.symlinkSync("/nowhere/at all", test.at("odd/broken"));
    fs.chmodSync(test.at("odd/empty"), 0o711);
    await test.bus.heard(
      ({ origin: by, paths }) => by.actor === "outside" && paths.some(({ path }) => path === "odd/broken"),
    );
    await test.deps.writer.recordOutside(["odd"]);
    const before = photograph(test.home);
    await test.ask(deleteRequest, deletePath, { path: "odd", origin });
    expect(fs.existsSync(test.at("odd"))).toBe(false);
    await takeBack();
    expect(photograph(test.home)).toEqual(before);
    expect((await takeBack({ direction: "redo" })).conflicts).toEqual([]);
    expect(Object.keys(photograph(test.home)).filter((path) => path.startsWith("odd"))).toEqual([]);
    await takeBack();
    expect(photograph(test.home)).toEqual(before);
  });

  it.each(["one by one", "as a folder"])(
    "restores files of any name, %s",
    async (how) => {
      for (const [at, name] of naughtyNames.entries()) await test.put(`names/${name}`, `content ${at}`, "make");
      const before = photograph(test.home);
      if (how === "as a folder") await test.ask(deleteRequest, deletePath, { path: "names", origin });
      else
        for (const name of naughtyNames)
          await test.ask(deleteRequest, deletePath, { path: `names/${name}`, origin: inTurn("t") });
      await takeBack();
      expect(photograph(test.home)).toEqual(before);
    },
    60_000,
  );

  it("leaves alone what something else changed since, and says so", async () => {
    await test.put("a", "1", "t");
    await test.put("b", "1", "t");
    await test.put("b", "2");
    expect(await takeBack({ entry: "c_1" })).toMatchObject({
      paths: [{ path: "a", kind: "deleted" }],
      conflicts: ["b"],
    });
    expect(text("b")).toBe("2");
    await test.put("c", "1");
    fs.writeFileSync(test.at("c"), "by hand");
    const only = await takeBack({ entry: "c_5" });
    expect(only).toMatchObject({ paths: [], conflicts: ["c"] });
    expect((await entries()).find(({ id }) => id === "c_5")?.state).toBe("applied");
    expect(text("c")).toBe("by hand");
  });

  it("leaves alone a path that others wrote between two of a turn's writes", async () => {
    await test.put("a", "1", "t");
    await test.put("a", "owner");
    await test.put("a", "2", "t");
    expect(await takeBack({ entry: "c_1" })).toMatchObject({ paths: [], conflicts: ["a"] });
  });

  it("does not follow a folder that became a link", async () => {
    await test.put("f/a", "1");
    await test.ask(deleteRequest, deletePath, { path: "f/a", origin });
    fs.rmdirSync(test.at("f"));
    fs.mkdirSync(test.at("elsewhere"));
    fs.symlinkSync(test.at("elsewhere"), test.at("f"));
    expect(await takeBack({ entry: "c_2" })).toMatchObject({ conflicts: ["f/a"] });
    expect(fs.readdirSync(test.at("elsewhere"))).toEqual([]);
  });

  it("counts an entry as undone when everything is as before already", async () => {
    await test.put("a", "1");
    fs.rmSync(test.at("a"));
    expect(await takeBack({ entry: "c_1" })).toMatchObject({ paths: [], conflicts: [] });
    expect((await entries()).find(({ id }) => id === "c_1")?.state).toBe("undone");
  });

  it("inside a turn takes back the turn's own change, else the one before the turn", async () => {
    await test.put("a", "1");
    expect(await takeBack({ origin: inTurn("t1") })).toMatchObject({ entry: "c_1" });
    await takeBack({ direction: "redo" });
    await test.put("b", "1", "t2");
    await test.put("c", "1");
    expect(await takeBack({ origin: inTurn("t2") })).toMatchObject({ entry: "c_4" });
    expect(fs.existsSync(test.at("b"))).toBe(false);
    await test.put("b", "again", "t2");
    expect(await takeBack({ origin: inTurn("t2") })).toMatchObject({ entry: "c_7" });
  });

  it("turns a file that became a folder back into a file", async () => {
    await test.put("x", "file");
    await test.ask(deleteRequest, deletePath, { path: "x", origin: inTurn("t") });
    await test.put("x/below", "1", "t");
    const after = photograph(test.home);
    await takeBack();
    expect(text("x")).toBe("file");
    await takeBack({ direction: "redo" });
    expect(photograph(test.home)).toEqual(after);
  });
});

describe("outside edits", () => {
  it("are recorded while the service runs", async () => {
    await test.put("a", "1");
    fs.writeFileSync(test.at("a"), "edited");
    fs.mkdirSync(test.at("made/by/hand"), { recursive: true });
    fs.writeFileSync(test.at("made/by/hand/b"), "1");
    await test.bus.heard(
      ({ origin: by, paths }) =>
        by.actor === "outside" && paths.some(({ path, kind }) => path === "a" && kind === "updated"),
    );
    await test.bus.heard(({ paths }) => paths.some(({ path }) => path === "made/by/hand/b"));
    fs.rmSync(test.at("made"), { recursive: true });
    await test.bus.heard(({ paths }) =>
      paths.some(({ path, kind }) => path === "made/by/hand/b" && kind === "deleted"),
    );
    await takeBack();
    expect(text("made/by/hand/b")).toBe("1");
  });

  it("are recorded before a change covers them, even unseen by the watcher", async () => {
    await test.put("a", "1");
    fs.writeFileSync(test.at("a"), "by hand");
    await test.put("a", "2");
    await takeBack();
    expect(text("a")).toBe("by hand");
    await takeBack();
    expect(text("a")).toBe("1");
  });

  it("are recorded when they happened while the service was stopped", async () => {
    await test.put("a", "1");
    await test.put("f/b", "1");
    await test.stop();
    fs.writeFileSync(test.at("a"), "while stopped");
    fs.rmSync(test.at("f"), { recursive: true });
    fs.writeFileSync(test.at("new"), "1");
    await test.start();
    await test.deps.settled;
    const [entry] = await entries();
    expect(entry).toMatchObject({ origin: { actor: "outside" }, pathCount: 3 });
    expect(entry?.paths.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: "a", kind: "updated" },
      { path: "f/b", kind: "deleted" },
      { path: "new", kind: "created" },
    ]);
    await takeBack();
    expect(text("a")).toBe("1");
    expect(text("f/b")).toBe("1");
  });

  it("never contain the service's own writes", async () => {
    for (let at = 0; at < 20; at += 1) await test.put(`f${at % 3}/a`, `${at}`);
    fs.writeFileSync(test.at("last"), "1");
    await test.bus.heard(({ paths }) => paths.some(({ path }) => path === "last"));
    await test.restart();
    await test.deps.settled;
    expect(
      test.bus.changes
        .filter(({ origin: by }) => by.actor === "outside")
        .flatMap(({ paths }) => paths.map(({ path }) => path)),
    ).toEqual(["last"]);
  });
});
