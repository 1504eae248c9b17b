import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Folder, type Reach, lookAt, makeFolder, openFolder, openRoot } from "./folder.ts";

describe.each<Reach>(["by-descriptor", "by-path"])("folders reached %s", (reach) => {
  let home: string;
  let root: Folder;
  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "folder-"));
    root = openRoot(home, reach);
  });
  afterEach(() => {
    root[Symbol.dispose]();
    fs.rmSync(home, { recursive: true });
  });

  it("are made, opened and looked into", () => {
    const { folder, made } = makeFolder(root, "a/b/c");
    folder[Symbol.dispose]();
    expect(made).toEqual(["a", "a/b", "a/b/c"]);
    makeFolder(root, "a/b").folder[Symbol.dispose]();
    using again = openFolder(root, "a/b");
    expect(again.look("c")?.isDirectory()).toBe(true);
    expect(again.look("d")).toBeUndefined();
    expect([lookAt(root, "a/b")?.isDirectory(), lookAt(root, "x/y")]).toEqual([true, undefined]);
  });

  it("refuse links, files and what is not there", () => {
    fs.mkdirSync(path.join(home, "real"));
    fs.writeFileSync(path.join(home, "file"), "");
    fs.symlinkSync("real", path.join(home, "link"));
    const codeOf = (at: string) => {
      try {
        openFolder(root, at)[Symbol.dispose]();
        return "opened";
      } catch (thrown) {
        return (thrown as { code: string }).code;
      }
    };
    expect(["real", "link", "file", "none", "link/x"].map(codeOf)).toEqual([
      "opened",
      "denied",
      "not-a-folder",
      "not-found",
      "denied",
    ]);
  });

  it("by path notice that the home itself was replaced", () => {
    fs.mkdirSync(path.join(home, "a"));
    fs.renameSync(home, `${home}-moved`);
    fs.symlinkSync(`${home}-moved`, home);
    try {
      if (reach === "by-path") expect(() => openFolder(root, "a")).toThrow(/replaced/);
      else openFolder(root, "a")[Symbol.dispose]();
    } finally {
      fs.rmSync(home);
      fs.renameSync(`${home}-moved`, home);
    }
  });
});
