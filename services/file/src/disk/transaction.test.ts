import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Folder, makeFolder, openRoot } from "./folder.ts";
import { Staging } from "./staging.ts";
import { Transaction } from "./transaction.ts";

let home: string;
let root: Folder;
let staging: Staging;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "transaction-"));
  root = openRoot(home);
  staging = new Staging(makeFolder(root, ".tmp").folder);
  fs.mkdirSync(path.join(home, "f"), { mode: 0o750 });
  fs.writeFileSync(path.join(home, "f/a"), "a");
  fs.symlinkSync("a", path.join(home, "f/link"));
  fs.mkdirSync(path.join(home, "empty"), { mode: 0o711 });
});
afterEach(() => {
  staging[Symbol.dispose]();
  root[Symbol.dispose]();
  fs.rmSync(home, { recursive: true });
});

function look(folder = ""): Record<string, string> {
  return Object.fromEntries(
    fs.readdirSync(path.join(home, folder), { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const at = path.join(entry.parentPath, entry.name);
      const stats = fs.lstatSync(at);
      const text = stats.isFile() ? fs.readFileSync(at, "utf8") : stats.isSymbolicLink() ? fs.readlinkSync(at) : "";
      return at.includes(".tmp") ? [] : [[path.relative(home, at), `${stats.mode.toString(8)} ${text}`]];
    }),
  );
}

const noLinks = Object.assign(new Error("EPERM"), { code: "EPERM" });

describe("a transaction", () => {
  it("puts everything back, every kind of step", async () => {
    const before = look();
    const change = new Transaction(root, staging);
    change.place(await staging.stage(Buffer.from("new")), "f/a");
    change.place(await staging.stage(Buffer.from("x")), "deep/er/x");
    change.link("f/link", "elsewhere");
    change.link("g/other", "somewhere");
    change.remove("f/a");
    change.move("f", "moved/f");
    change.folder("empty", 0o700);
    change.folder("made", 0o700);
    expect([
      change.removeIfEmpty("made"),
      change.removeIfEmpty("empty"),
      change.removeIfEmpty("moved"),
      change.removeIfEmpty("none"),
    ]).toEqual([true, true, false, false]);
    await change.sync();
    expect(look()).not.toEqual(before);
    expect(change.rollback()).toEqual([]);
    expect(look()).toEqual(before);
  });

  it("keeps what is replaced as a copy where the disk has no links", async () => {
    const real = fs.linkSync;
    try {
      fs.linkSync = () => {
        throw noLinks;
      };
      const change = new Transaction(root, staging);
      change.place(await staging.stage(Buffer.from("new")), "f/a");
      change.rollback();
    } finally {
      fs.linkSync = real;
    }
    expect(fs.readFileSync(path.join(home, "f/a"), "utf8")).toBe("a");
  });

  it("tells what could not be put back, and goes on with the rest", async () => {
    const change = new Transaction(root, staging);
    change.place(await staging.stage(Buffer.from("new")), "f/a");
    change.place(await staging.stage(Buffer.from("b")), "b");
    fs.rmSync(path.join(home, "b"));
    expect(change.rollback().length).toBe(1);
    expect(fs.readFileSync(path.join(home, "f/a"), "utf8")).toBe("a");
  });

  it("leaves nothing behind when it is finished", async () => {
    const change = new Transaction(root, staging);
    change.place(await staging.stage(Buffer.from("new")), "f/a");
    change.remove("f");
    const gone = new Promise<void>((resolve) => {
      fs.watch(path.join(home, ".tmp"), function (this: fs.FSWatcher) {
        if (fs.readdirSync(path.join(home, ".tmp")).length > 0) return;
        this.close();
        resolve();
      });
    });
    change.finish();
    await gone;
  });
});
