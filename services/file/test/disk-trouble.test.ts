import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { afterEach, describe, expect, it } from "vitest";
import { appendLog } from "../src/on-request/append-log.ts";
import { openLog } from "../src/on-request/open-log.ts";
import { readLog } from "../src/on-request/read-log.ts";
import { storeMessage } from "../src/on-request/store-message.ts";
import { undo } from "../src/on-request/undo.ts";
import { write } from "../src/on-request/write.ts";
import { type TestHome, errorOf, openTestHome, toCode } from "./parts/test-home.ts";

const origin = { actor: "owner" };
const message = { text: "hello", sender: "owner", replyTo: { channel: "web", account: "owner", chat: "c" } };
const note = { kind: "model.request", step: 1, reservedUsd: 0 };

let test: TestHome | undefined;
let mounted: string | undefined;
afterEach(async () => {
  await Promise.resolve(test?.[Symbol.asyncDispose]()).catch(() => undefined);
  if (mounted !== undefined) execFileSync("sh", ["-c", `umount -l ${mounted}`]);
  mounted = undefined;
});

const errno = (code: string) => Object.assign(new Error(code), { code });
const store = (key: string) =>
  (test as TestHome).ask(storeMessageRequest, storeMessage, { key, session: "s", message });

describe("a disk that answers with errors", () => {
  it.each([
    ["ENOSPC", "disk-full"],
    ["EDQUOT", "disk-full"],
    ["EROFS", "disk-failed"],
    ["EIO", "disk-failed"],
  ])("%s while a file is staged is %s and changes nothing", async (name, code) => {
    test = await openTestHome();
    await test.put("a", "1");
    const { staging } = test.deps;
    const real = staging.stage.bind(staging);
    Object.assign(staging, { stage: () => Promise.reject(errno(name)) });
    expect(await errorOf(test.put("a", "2"))).toMatchObject({ kind: "unavailable", code });
    expect(await errorOf(test.put("new/b", "2"))).toMatchObject({ kind: "unavailable", code });
    expect((await errorOf(store("k"))).code).toBe(code);
    Object.assign(staging, { stage: real });
    expect(fs.readFileSync(test.at("a"), "utf8")).toBe("1");
    expect(fs.existsSync(test.at("new"))).toBe(false);
    expect(fs.readdirSync(test.at(".matrix/tmp"))).toEqual([]);
    expect(await test.put("a", "2")).toBe(2);
    expect(await store("k")).toMatchObject({ duplicate: false });
  });

  it("puts everything back when the history can't take the change", async () => {
    test = await openTestHome();
    await test.put("a", "1");
    await test.put("f/b", "1");
    const { repository } = test.deps;
    const real = repository.commit.bind(repository);
    Object.assign(repository, { commit: () => Promise.reject(errno("ENOSPC")) });
    expect((await errorOf(test.put("a", "2"))).code).toBe("disk-full");
    expect((await errorOf(test.put("x/y/z", "2"))).code).toBe("disk-full");
    expect((await errorOf(test.ask(undoRequest, undo, { origin }))).code).toBe("disk-full");
    Object.assign(repository, { commit: real });
    expect(fs.readFileSync(test.at("a"), "utf8")).toBe("1");
    expect(fs.readFileSync(test.at("f/b"), "utf8")).toBe("1");
    expect(fs.existsSync(test.at("x"))).toBe(false);
    expect(await test.put("a", "3")).toBe(3);
  });

  it("starts the history's writer again after it was killed", async () => {
    test = await openTestHome();
    await test.put("a", "1");
    for (const pid of childrenOf(process.pid, "fast-import")) process.kill(pid, "SIGKILL");
    expect(await test.put("a", "2")).toBe(2);
    for (const pid of childrenOf(process.pid, "cat-file")) process.kill(pid, "SIGKILL");
    await test.ask(undoRequest, undo, { origin });
    expect(fs.readFileSync(test.at("a"), "utf8")).toBe("1");
  });

  it("notices a ref that something else moved, and goes on from there", async () => {
    test = await openTestHome();
    await test.put("a", "1");
    const ref = test.at(".matrix/history.git/refs/snap/test");
    const first = (await test.deps.repository.readCommit(test.deps.repository.tip ?? ""))?.parent ?? "";
    fs.writeFileSync(ref, `${first}\n`);
    await test.put("b", "1");
    await test.put("c", "1");
    const git = (...args: string[]) =>
      execFileSync("git", ["--git-dir", (test as TestHome).at(".matrix/history.git"), ...args], { encoding: "utf8" });
    expect(git("ls-tree", "--name-only", "refs/snap/test").split("\n")).toEqual(expect.arrayContaining(["b", "c"]));
    expect(git("fsck", "--connectivity-only")).toBe("");
  });

  it("reads a journal again after a failed sync instead of believing it", async () => {
    test = await openTestHome();
    await store("t");
    await test.ask(openLogRequest, openLog, { session: "s", turn: "t", owner: "w" });
    const append = (after: number) =>
      (test as TestHome).ask(appendLogRequest, appendLog, {
        session: "s",
        turn: "t",
        epoch: 1,
        after,
        records: [note],
      });
    const real = fs.writeSync;
    try {
      fs.writeSync = () => {
        throw errno("ENOSPC");
      };
      expect((await errorOf(append(1))).code).toBe("disk-full");
    } finally {
      fs.writeSync = real;
    }
    expect(await append(1)).toMatchObject({ length: 2 });
    expect((await test.ask(readLogRequest, readLog, { session: "s", turn: "t" })).lines.map(({ n }) => n)).toEqual([
      1, 2,
    ]);
  });
});

function childrenOf(parent: number, command: string): number[] {
  const pids = fs
    .readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
  return pids.filter((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(command));
}

describe.runIf(process.getuid?.() === 0)("a disk that is really full", () => {
  it("refuses, keeps what is there, and goes on once there is space", async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "full-"));
    execFileSync("sh", ["-c", `mount -t tmpfs -o size=1m tmpfs ${home}`]);
    mounted = home;
    test = await openTestHome({ home });
    await test.deps.settled;
    await test.put("a", "first");
    fs.writeFileSync(test.at("ballast"), "");
    const codes = new Set<string>();
    for (let at = 0; at < 40; at += 1) {
      const bytes = Buffer.alloc(60_000, at).toString("base64");
      const failed = await test
        .ask(writeRequest, write, { path: `fill/${at}`, content: bytes, encoding: "base64", origin })
        .then(() => undefined, toCode);
      if (failed !== undefined) codes.add(failed);
    }
    expect([...codes]).toEqual(["disk-full"]);
    const kept = fs.existsSync(test.at("fill")) ? fs.readdirSync(test.at("fill")) : [];
    for (const name of kept) expect(fs.statSync(test.at("fill", name)).size).toBe(60_000);
    fillUp(test.at("ballast"));
    for (let at = 0; at < 5; at += 1) {
      const stored = await store(`k${at}`).then(
        () => true,
        () => false,
      );
      expect(fs.existsSync(test.at("system/open", `k${at}`))).toBe(stored);
    }
    expect(fs.readFileSync(test.at("a"), "utf8")).toBe("first");
    expect(fs.readdirSync(test.at(".matrix/tmp"))).toEqual([]);
    fs.rmSync(test.at("ballast"));
    for (const name of kept) fs.rmSync(test.at("fill", name));
    expect(await store("after")).toMatchObject({ duplicate: false });
    await test.put("a", "second");
    expect(fs.readFileSync(test.at("a"), "utf8")).toBe("second");
  }, 60_000);
});

function fillUp(file: string): void {
  const fd = fs.openSync(file, "w");
  try {
    for (const bytes = Buffer.alloc(4_096); ;) fs.writeSync(fd, bytes);
  } catch {
    fs.closeSync(fd);
  }
}
