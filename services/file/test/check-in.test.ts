import fs from "node:fs";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deletePath } from "../src/on-request/delete.ts";
import { history } from "../src/on-request/history.ts";
import { undo } from "../src/on-request/undo.ts";
import { naughtyNames } from "./parts/naughty-names.ts";
import { type TestHome, errorOf, openTestHome, photograph } from "./parts/test-home.ts";
import { type TestWorkspace, changeProject, checkOutFolder, fillProject } from "./parts/test-workspace.ts";

const origin = { actor: "owner" };
let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
  await test.deps.settled;
});
afterEach(() => test[Symbol.asyncDispose]());

const text = (at: string) => fs.readFileSync(test.at(at), "utf8");
const takeBack = (body: object = {}) => test.ask(undoRequest, undo, { origin, ...body });

describe("a check-in", () => {
  beforeEach(() => fillProject(test));

  it("brings all that a command did into the home as one change, and one undo takes it back exactly", async () => {
    const before = photograph(test.home);
    const work = await checkOutFolder(test, "projects/x");
    changeProject(work);
    const told = test.bus.changes.length;
    const reply = await work.checkIn();
    expect(reply).toMatchObject({ conflicts: [], refused: [], applied: true });
    expect(reply.changes).toBe(reply.changed.length);
    expect(reply.changed).toEqual(expect.arrayContaining(["projects/x/sub/a", "projects/x/moved", "projects/x/empty"]));
    expect(test.bus.changes.length).toBe(told + 1);
    expect(test.bus.changes.at(-1)?.paths).toContainEqual(
      expect.objectContaining({ path: "projects/x/sub/a", kind: "updated", sizeBytes: 7 }),
    );
    fs.rmSync(work.at("node_modules"), { recursive: true });
    fs.rmSync(work.at(".git"), { recursive: true });
    const after = photograph(test.home);
    expect(photograph(test.at("projects/x"))).toEqual(photograph(work.root));
    expect(await takeBack()).toMatchObject({ conflicts: [] });
    expect(photograph(test.home)).toEqual(before);
    expect(await takeBack({ direction: "redo" })).toMatchObject({ conflicts: [] });
    expect(photograph(test.home)).toEqual(after);
    const { entries } = await test.ask(historyRequest, history, {});
    expect(entries.filter(({ origin: by }) => by.actor === "outside").length).toBe(1);
  });

  it("of a folder made into a file, and of everything deleted, is taken back exactly too", async () => {
    const before = photograph(test.home);
    const work = await checkOutFolder(test, "projects/x");
    fs.rmSync(work.at("sub"), { recursive: true });
    work.write("sub", "a file now");
    expect(await work.checkIn()).toMatchObject({ applied: true });
    expect(text("projects/x/sub")).toBe("a file now");
    for (const name of fs.readdirSync(work.root)) fs.rmSync(work.at(name), { recursive: true });
    expect(await work.checkIn()).toMatchObject({ applied: true });
    expect(photograph(test.at("projects/x"))).toEqual({});
    await takeBack({ entry: "c_3" });
    await takeBack({ entry: "c_2" });
    expect(photograph(test.home)).toEqual(before);
  });

  it("belongs to its turn", async () => {
    const before = photograph(test.home);
    await test.put("projects/x/plan", "1", "t");
    const work = await checkOutFolder(test, "projects/x");
    work.write("made", "1");
    await work.checkIn("t");
    work.write("made", "2");
    await work.checkIn("t");
    expect(text("projects/x/made")).toBe("2");
    await takeBack();
    expect(photograph(test.home)).toEqual(before);
  });

  it("changes nothing when nothing changed, and makes no folder for a command that left nothing", async () => {
    const work = await checkOutFolder(test, "projects/x");
    const none = { changed: [], changes: 0, conflicts: [], refused: [], applied: true };
    const told = test.bus.changes.length;
    expect(await work.checkIn()).toEqual(none);
    expect(await (await checkOutFolder(test, "projects/new")).checkIn()).toEqual(none);
    expect(test.bus.changes.length).toBe(told);
    expect(fs.existsSync(test.at("projects/new"))).toBe(false);
  });

  it("makes a folder that was not there, and undo takes it away again", async () => {
    const before = photograph(test.home);
    const work = await checkOutFolder(test, "code/new/app");
    work.write("src/index.js", "1");
    expect(await work.checkIn()).toMatchObject({ applied: true });
    expect(text("code/new/app/src/index.js")).toBe("1");
    await takeBack();
    expect(photograph(test.home)).toEqual(before);
  });

  it("does not do what the home did already, and counts on from there", async () => {
    const work = await checkOutFolder(test, "projects/x");
    work.write("sub/a", "same on both sides");
    await test.put("projects/x/sub/a", "same on both sides");
    expect(await work.checkIn()).toMatchObject({ applied: true, conflicts: [] });
    work.write("sub/a", "2");
    expect(await work.checkIn()).toMatchObject({ applied: true });
    work.write("sub/a", "3");
    expect(await work.checkIn()).toMatchObject({ applied: true });
    expect(text("projects/x/sub/a")).toBe("3");
  });

  it("keeps what the home changed elsewhere meanwhile", async () => {
    const work = await checkOutFolder(test, "projects/x");
    work.write("sub/a", "by the command");
    await test.put("projects/x/sub/b", "by the owner");
    await test.put("projects/x/other/new", "by the owner");
    fs.writeFileSync(test.at("projects/x/sub/d"), "by hand, not noticed yet");
    expect(await work.checkIn()).toMatchObject({ applied: true, changed: ["projects/x/sub/a"] });
    expect(["sub/a", "sub/b", "other/new", "sub/d"].map((name) => text(`projects/x/${name}`))).toEqual([
      "by the command",
      "by the owner",
      "by the owner",
      "by hand, not noticed yet",
    ]);
  });

  it.each<[string, (work: TestWorkspace) => void, () => unknown, string]>([
    ["both changed a file", (work) => work.write("sub/a", "1"), () => test.put("projects/x/sub/a", "2"), "sub/a"],
    ["both made a file", (work) => work.write("n", "1"), () => test.put("projects/x/n", "2"), "n"],
    [
      "the owner edits what was deleted",
      (work) => fs.rmSync(work.at("sub/a")),
      () => test.put("projects/x/sub/a", "2"),
      "sub/a",
    ],
    [
      "the owner deleted what was changed",
      (work) => work.write("sub/a", "1"),
      () => test.ask(deleteRequest, deletePath, { path: "projects/x/sub/a", origin }),
      "sub/a",
    ],
    [
      "only the permissions differ",
      (work) => work.write("run", "1", 0o755),
      () => fs.chmodSync(test.at("projects/x/run"), 0o700),
      "run",
    ],
    [
      "a hand made a file by the same name",
      (work) => work.write("n", "1"),
      () => fs.writeFileSync(test.at("projects/x/n"), "2"),
      "n",
    ],
    [
      "a folder is a link to elsewhere by now",
      (work) => work.write("sub/new", "1"),
      () => {
        fs.renameSync(test.at("projects/x/sub"), test.at("projects/x/was-sub"));
        fs.symlinkSync("/tmp", test.at("projects/x/sub"));
      },
      "sub/new",
    ],
    [
      "a folder that became a file got company",
      (work) => {
        fs.rmSync(work.at("sub"), { recursive: true });
        work.write("sub", "file");
      },
      () => test.put("projects/x/sub/new", "2"),
      "sub",
    ],
  ])("applies nothing when %s", async (...[, byCommand, byOwner, conflict]) => {
    const work = await checkOutFolder(test, "projects/x");
    byCommand(work);
    work.write("harmless", "1");
    await byOwner();
    const before = photograph(test.home);
    const left = photograph(work.root);
    const reply = await work.checkIn();
    expect(reply).toMatchObject({ applied: false, conflicts: [`projects/x/${conflict}`] });
    expect(reply.changed).toContain("projects/x/harmless");
    expect(photograph(test.home)).toEqual(before);
    expect(photograph(work.root)).toEqual(left);
  });

  it("takes files of any name", async () => {
    const before = photograph(test.home);
    const work = await checkOutFolder(test, "names");
    const plain = naughtyNames.filter((name) => name === name.normalize("NFC").toLowerCase());
    for (const [at, name] of plain.entries()) work.write(name, `content ${at}`);
    expect(await work.checkIn()).toMatchObject({ applied: true, changes: plain.length + 1 });
    expect(photograph(test.at("names"))).toEqual(photograph(work.root));
    await takeBack();
    expect(photograph(test.home)).toEqual(before);
  });

  it("is taken whole or not at all when the disk refuses in the middle", async () => {
    const work = await checkOutFolder(test, "projects/x");
    changeProject(work);
    const before = photograph(test.home);
    const { repository } = test.deps;
    fs.chmodSync(test.at(".matrix/history.git/objects"), 0o755);
    fs.renameSync(test.at(".matrix/history.git/objects"), test.at(".matrix/history.git/gone"));
    await repository[Symbol.asyncDispose]();
    await errorOf(work.checkIn());
    fs.renameSync(test.at(".matrix/history.git/gone"), test.at(".matrix/history.git/objects"));
    expect(photograph(test.home)).toEqual(before);
    expect(await work.checkIn()).toMatchObject({ applied: true });
  });
});
