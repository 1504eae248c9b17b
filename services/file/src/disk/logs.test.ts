import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Arrivals } from "./arrivals.ts";
import { ChangeLog } from "./change-log.ts";
import { onDisk, toDiskError } from "./disk-error.ts";
import { type Folder, makeFolder, openFolder, openRoot } from "./folder.ts";
import { Inbox } from "./inbox.ts";
import { LineFile } from "./line-file.ts";
import { Outbox } from "./outbox.ts";
import { Staging } from "./staging.ts";
import { UsageLog } from "./usage-log.ts";

let home: string;
let root: Folder;
let staging: Staging;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "logs-"));
  root = openRoot(home);
  staging = new Staging(makeFolder(root, ".matrix/tmp").folder);
});
afterEach(() => {
  staging[Symbol.dispose]();
  root[Symbol.dispose]();
  fs.rmSync(home, { recursive: true });
});

const errno = (code: string) => Object.assign(new Error(code), { code });
const at = (...names: string[]) => path.join(home, ...names);
const replyTo = { channel: "web", account: "owner", chat: "c" };
const message = { text: "x", sender: "owner", replyTo };

async function withBroken<Result>(
  name: "linkSync" | "renameSync" | "writeSync",
  code: string,
  work: () => Result,
): Promise<Awaited<Result>> {
  const real = fs[name];
  Object.assign(fs, {
    [name]: () => {
      throw errno(code);
    },
  });
  try {
    return await work();
  } finally {
    Object.assign(fs, { [name]: real });
  }
}

describe("the change log", () => {
  const line = (seq: number) => ({
    seq,
    change: `c_${seq}`,
    at: "2026-11-24T12:00:00.000Z",
    origin: { actor: "o" },
    paths: [],
    pathCount: 0,
  });
  const open = () => new ChangeLog(makeFolder(root, "changes").folder);

  it("keeps the newest 10,000 over restarts, in files of 1,000, and tells a gap", () => {
    const log = open();
    for (let seq = 1; seq <= 12_500; seq += 1) log.append(line(seq));
    log[Symbol.dispose]();
    expect(fs.readdirSync(at("changes")).length).toBe(11);
    using again = open();
    expect([again.newest, again.last?.change]).toEqual([12_500, "c_12500"]);
    expect(again.after(0, 5)).toMatchObject({ gap: true });
    expect(again.after(12_498, 5)).toMatchObject({ gap: false, lines: [{ seq: 12_499 }, { seq: 12_500 }] });
    expect(again.after(12_500, 5)).toEqual({ gap: false, lines: [] });
    expect(again.after(99_999, 5)).toMatchObject({ gap: true, lines: [] });
  });

  it("goes on with its last file, so that many restarts lose nothing", () => {
    for (let seq = 1; seq <= 30; seq += 1) {
      using log = open();
      log.append(line(seq));
    }
    using log = open();
    expect([fs.readdirSync(at("changes")).length, log.all().length]).toEqual([1, 30]);
  });

  it("starts empty, passes over damaged and repeated lines, and counts a change that the disk refused", async () => {
    const log = open();
    expect([log.newest, log.last, log.after(0, 1)]).toEqual([0, undefined, { gap: false, lines: [] }]);
    log.append(line(1));
    await withBroken("writeSync", "ENOSPC", () => expect(() => log.append(line(2))).toThrow("ENOSPC"));
    expect(log.newest).toBe(2);
    log[Symbol.dispose]();
    fs.appendFileSync(
      at("changes/000000000001.jsonl"),
      `{"seq":\n${JSON.stringify(line(1))}\n${JSON.stringify(line(2))}\ntorn`,
    );
    using again = open();
    expect(again.all().map(({ seq }) => seq)).toEqual([1, 2]);
  });
});

describe("files of lines", () => {
  it("cut a torn line and leave no trace of a refused append", async () => {
    fs.writeFileSync(at("lines"), "one\ntwo\nthr");
    using folder = openFolder(root, "");
    using file = new LineFile(folder, "lines");
    expect(file.readLines()).toEqual(["one", "two"]);
    await withBroken("writeSync", "EIO", () => expect(() => file.append("more\n")).toThrow("EIO"));
    file.append("three\n");
    await file.sync();
    expect([file.size, file.readAll().toString()]).toEqual([14, "one\ntwo\nthree\n"]);
    file.cut(0);
    expect(file.readLines()).toEqual([]);
  });
});

describe("usage", () => {
  it("passes over damaged lines and keeps few days open", () => {
    const log = new UsageLog(root);
    log.add("2026-01-01", { ...noUsage, costUsd: 1 });
    log[Symbol.dispose]();
    fs.appendFileSync(at("system/usage/2026-01-01.jsonl"), "no line\n");
    using again = new UsageLog(root);
    for (let date = 1; date <= 9; date += 1) again.add(`2026-01-0${date}`, { ...noUsage, costUsd: 1 });
    expect([again.add("2026-01-01", noUsage).costUsd, again.add("2026-01-09", noUsage).costUsd]).toEqual([2, 1]);
  });
});

describe("arrival numbers", () => {
  it("are set aside in blocks, and not given when that fails", async () => {
    using inbox = makeFolder(root, "in").folder;
    const arrivals = new Arrivals(inbox, staging, 0);
    await withBroken("renameSync", "ENOSPC", () => expect(arrivals.next()).rejects.toThrow("ENOSPC"));
    expect(fs.readdirSync(at(".matrix/tmp"))).toEqual([]);
    const numbers = await Promise.all(Array.from({ length: 2_500 }, () => arrivals.next()));
    expect(new Set(numbers).size).toBe(2_500);
    expect(await new Arrivals(inbox, staging, 0).next()).toBeGreaterThan(Math.max(...numbers));
    fs.writeFileSync(at("in/arrivals.json"), "{");
    expect(await new Arrivals(inbox, staging, 70_000).next()).toBe(70_001);
  });
});

describe("the inbox", () => {
  const problems: string[] = [];
  const open = () =>
    new Inbox(root, staging, {
      problem: (summary) => problems.push(summary),
      hasBegun: () => false,
    });

  it("copies where the disk has no links, and takes everything back when it fails", async () => {
    const inbox = open();
    expect(await withBroken("linkSync", "ENOTSUP", () => inbox.store("a", "s", message))).toMatchObject({
      duplicate: false,
    });
    await withBroken("linkSync", "EIO", () => expect(inbox.store("b", "s", message)).rejects.toThrow("EIO"));
    expect([inbox.knows("a"), inbox.knows("b"), fs.readdirSync(at("system/open"))]).toEqual([true, false, ["a"]]);
    expect(inbox.read("a")).toMatchObject({ key: "a", arrival: 1 });
    expect(await inbox.store("b", "s", message)).toMatchObject({ duplicate: false });
  });

  it("never overwrites the file of a key, whoever wrote it", async () => {
    const inbox = open();
    const day = new Date().toISOString().slice(0, 10);
    fs.mkdirSync(at("system/inbox", day), { recursive: true });
    fs.writeFileSync(at("system/inbox", day, "a.json"), "first");
    await expect(inbox.store("a", "s", message)).rejects.toThrow("EEXIST");
    expect(fs.readFileSync(at("system/inbox", day, "a.json"), "utf8")).toBe("first");
  });

  it("refuses more than 10,000 open turns", async () => {
    const inbox = open();
    for (let arrival = 1; arrival <= 10_000; arrival += 1) {
      const stored = { ...message, key: `k${arrival}`, session: "s", arrival, at: "2026-11-24T12:00:00.000Z" };
      inbox.open.add({ message: stored, size: 1, openedAtMs: 0, stopRequested: false });
    }
    await expect(inbox.store("new", "s", message)).rejects.toMatchObject({ code: "busy" });
  });

  it("drops stop marks without a turn, torn markers without a file, and numbers on when its record is lost", async () => {
    fs.mkdirSync(at("system/open"), { recursive: true });
    fs.writeFileSync(at("system/open/x.stop"), "");
    fs.writeFileSync(at("system/open/torn"), "{");
    const inbox = open();
    expect([fs.readdirSync(at("system/open")), problems.length]).toEqual([[], 1]);
    await inbox.store("a", "s", message);
    fs.writeFileSync(at("system/inbox", new Date().toISOString().slice(0, 10), "broken.json"), "{");
    fs.rmSync(at("system/inbox/arrivals.json"));
    expect((await open().store("b", "s", message)).arrival).toBe(2);
  });
});

describe("the outbox", () => {
  it("leaves nothing behind when the disk refuses", async () => {
    const outbox = new Outbox(root, staging, () => undefined);
    const parts = [{ to: { ...replyTo, channel: "telegram" }, n: 1, text: "hi" }];
    await withBroken("renameSync", "EROFS", () =>
      expect(outbox.write({ session: "s", turn: "t" }, parts)).rejects.toThrow("EROFS"),
    );
    expect(fs.readdirSync(at(".matrix/tmp"))).toEqual([]);
    await outbox.write({ session: "s", turn: "t" }, parts);
    expect(fs.readdirSync(at("system/outbox/telegram"))).toEqual(["t.1.json"]);
  });
});

describe("disk errors", () => {
  it.each([
    ["ENOSPC", "unavailable", "disk-full"],
    ["EDQUOT", "unavailable", "disk-full"],
    ["EIO", "unavailable", "disk-failed"],
    ["EROFS", "unavailable", "disk-failed"],
    ["EXDEV", "rejected", "denied"],
    ["EACCES", "rejected", "denied"],
    ["ELOOP", "rejected", "denied"],
    ["ENOENT", "rejected", "not-found"],
    ["EEXIST", "rejected", "already-exists"],
    ["EISDIR", "rejected", "is-folder"],
    ["ENOTDIR", "rejected", "not-a-folder"],
    ["ENAMETOOLONG", "rejected", "invalid"],
    ["EINVAL", "rejected", "invalid"],
  ])("%s is %s %s", (...[name, kind, code]) => expect(toDiskError(errno(name), "p")).toMatchObject({ kind, code }));

  it("stay what they are when they mean nothing to the one who asked", async () => {
    const bug = new TypeError("x");
    expect(toDiskError(bug, "p")).toBe(bug);
    await expect(onDisk("p", () => Promise.reject(errno("EIO")))).rejects.toMatchObject({
      code: "disk-failed",
      message: "p: EIO",
    });
  });
});
