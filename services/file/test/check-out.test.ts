import fs from "node:fs";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deletePath } from "../src/on-request/delete.ts";
import { type TestHome, errorOf, openTestHome, photograph } from "./parts/test-home.ts";
import { checkOutFolder, fillProject } from "./parts/test-workspace.ts";

const origin = { actor: "owner" };
let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
  await test.deps.settled;
});
afterEach(() => test[Symbol.asyncDispose]());

const text = (at: string) => fs.readFileSync(test.at(at), "utf8");

describe("a check-out", () => {
  beforeEach(() => fillProject(test));

  it("is an exact copy that shares no file with the home", async () => {
    const work = await checkOutFolder(test, "projects/x");
    expect(photograph(work.root)).toEqual(photograph(test.at("projects/x")));
    expect(work).toMatchObject({ files: 6, bytes: 2_500_000 + 4 + 10 + 27 });
    fs.appendFileSync(work.at("sub/a"), "more");
    fs.appendFileSync(work.at("large"), "more");
    expect(text("projects/x/sub/a")).toBe("text of a");
    expect(fs.statSync(test.at("projects/x/large")).size).toBe(2_500_000);
    expect(fs.statSync(work.at("sub/b")).ino).not.toBe(fs.statSync(test.at("projects/x/sub/b")).ino);
  });

  it("copies only what differs the next time, and keeps what is the workspace's own", async () => {
    const work = await checkOutFolder(test, "projects/x");
    work.write("node_modules/left/pad.js", "pad");
    work.write("sub/.git/HEAD", "ref");
    const birth = () => fs.statSync(work.at("sub/c")).ctimeMs;
    // Past the tick of the disk's clock nothing but the stamps is looked at.
    await expect
      .poll(async () => {
        const before = birth();
        await checkOutFolder(test, "projects/x");
        return birth() === before;
      })
      .toBe(true);
    const kept = birth();
    await test.put("projects/x/sub/a", "changed at home");
    await test.ask(deleteRequest, deletePath, { path: "projects/x/sub/b", origin });
    await test.put("projects/x/new/file", "new");
    fs.writeFileSync(work.at("left-over"), "never checked in");
    fs.mkdirSync(work.at("left-folder/below"), { recursive: true });
    fs.rmSync(work.at("run"));
    fs.mkdirSync(work.at("run"));
    await checkOutFolder(test, "projects/x");
    fs.rmSync(work.at("sub/.git"), { recursive: true });
    expect(fs.readFileSync(work.at("node_modules/left/pad.js"), "utf8")).toBe("pad");
    fs.rmSync(work.at("node_modules"), { recursive: true });
    expect(photograph(work.root)).toEqual(photograph(test.at("projects/x")));
    expect(birth()).toBe(kept);
  });

  it("notices a change of the copy that hides behind its old size and time", async () => {
    const work = await checkOutFolder(test, "projects/x");
    const { atime, mtime } = fs.statSync(work.at("sub/a"));
    fs.writeFileSync(work.at("sub/a"), "TEXT OF A");
    fs.utimesSync(work.at("sub/a"), atime, mtime);
    expect(await work.checkIn()).toMatchObject({ changed: ["projects/x/sub/a"], applied: true });
    expect(text("projects/x/sub/a")).toBe("TEXT OF A");
  });

  it.each([
    "system",
    "system/memory",
    "System/policy",
    "agents",
    "skills/x",
    ".matrix",
    ".matrix/tmp",
    "projects/x/node_modules",
  ])("is refused for %s", async (folder) => {
    expect(await errorOf(checkOutFolder(test, folder))).toMatchObject({ code: "denied", field: "folder" });
  });

  it("is refused for what is no folder, and for links", async () => {
    fs.symlinkSync("x", test.at("projects/y"));
    expect((await errorOf(checkOutFolder(test, "projects/x/run"))).code).toBe("not-a-folder");
    expect((await errorOf(checkOutFolder(test, "projects/y"))).code).toBe("denied");
    for (const folder of ["", "..", "/etc", "a/../b"])
      expect(() => checkOutRequest.request.parse({ folder, origin })).toThrow();
  });

  it("is refused when it is too much", async () => {
    fs.mkdirSync(test.at("projects/deep/", Array(101).fill("d").join("/")), { recursive: true });
    fs.writeFileSync(test.at("projects/sparse"), "");
    fs.truncateSync(test.at("projects/sparse"), 3_000_000_000);
    expect(await errorOf(checkOutFolder(test, "projects/deep"))).toMatchObject({
      code: "too-large",
      message: expect.stringContaining("100"),
    });
    expect(await errorOf(checkOutFolder(test, "projects"))).toMatchObject({ code: "too-large" });
    fs.rmSync(test.at("projects/sparse"));
  });

  it("leaves the apps' databases at home, and a check-in leaves them alone", async () => {
    fs.mkdirSync(test.at("data/water"), { recursive: true });
    for (const name of ["app.sqlite", "app.sqlite-wal", "notes.json"])
      fs.writeFileSync(test.at("data/water", name), name);
    const work = await checkOutFolder(test, "data/water");
    expect(fs.readdirSync(work.root)).toEqual(["notes.json"]);
    work.write("app.sqlite", "forged");
    work.write("notes.json", "new");
    expect(await work.checkIn()).toMatchObject({ changed: ["data/water/notes.json"], applied: true });
    fs.rmSync(work.root, { recursive: true });
    fs.mkdirSync(work.root);
    await work.checkIn();
    expect(fs.readdirSync(test.at("data/water")).toSorted()).toEqual(["app.sqlite", "app.sqlite-wal"]);
    expect(text("data/water/app.sqlite")).toBe("app.sqlite");
  });
});
