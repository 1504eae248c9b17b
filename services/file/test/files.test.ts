import fs from "node:fs";
import { createHash } from "node:crypto";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { editRequest } from "@matrix-os/contracts/file/edit.request";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { readChangesRequest } from "@matrix-os/contracts/file/read-changes.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { searchRequest } from "@matrix-os/contracts/file/search.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deletePath } from "../src/on-request/delete.ts";
import { edit } from "../src/on-request/edit.ts";
import { list } from "../src/on-request/list.ts";
import { move } from "../src/on-request/move.ts";
import { readChanges } from "../src/on-request/read-changes.ts";
import { read } from "../src/on-request/read.ts";
import { search } from "../src/on-request/search.ts";
import { write } from "../src/on-request/write.ts";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";

const origin = { actor: "owner" };
const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
});
afterEach(() => test[Symbol.asyncDispose]());

describe("a new home", () => {
  it("holds a soul, a user page, settings and the usual folders", () => {
    expect(fs.readFileSync(test.at("system/soul.md"), "utf8").split(/\s+/).length).toBeLessThanOrEqual(150);
    expect(fs.readFileSync(test.at("system/config.json"), "utf8")).toBe("{}\n");
    for (const folder of ["skills", "agents", "apps", "data", "system/memory", "system/activity"])
      expect(fs.statSync(test.at(folder)).isDirectory()).toBe(true);
  });

  it("keeps files that are there already", async () => {
    fs.writeFileSync(test.at("system/soul.md"), "mine");
    await test.restart();
    expect(fs.readFileSync(test.at("system/soul.md"), "utf8")).toBe("mine");
  });

  it("refuses a second service and lets a third in after the first has gone", async () => {
    const error = await errorOf(openTestHome({ home: test.home }));
    expect(error.message).toMatch(/running already/);
    await test.restart();
  });

  it("refuses a state directory inside the home", async () => {
    const error = await errorOf(openTestHome({ home: test.home, env: { MATRIX_STATE: test.at("state") } }));
    expect(error.code).toBe("invalid");
  });
});

describe("write", () => {
  it("creates, replaces, numbers and tells", async () => {
    const first = await test.ask(writeRequest, write, { path: "notes/milk.md", content: "milk\n", origin });
    expect(first).toMatchObject({ created: true, seq: 1, change: "c_1", hash: sha256("milk\n"), sizeBytes: 5 });
    const second = await test.ask(writeRequest, write, { path: "notes/milk.md", content: "oat\n", origin });
    expect(second).toMatchObject({ created: false, seq: 2 });
    expect(fs.readFileSync(test.at("notes/milk.md"), "utf8")).toBe("oat\n");
    const change = await test.bus.heard(({ seq }) => seq === 2);
    expect(change).toMatchObject({
      origin,
      pathCount: 1,
      paths: [{ path: "notes/milk.md", kind: "updated", sizeBytes: 4, hash: sha256("oat\n") }],
    });
  });

  it("makes no change of bytes that are there already", async () => {
    const seq = await test.put("a.txt", "a");
    expect(await test.put("a.txt", "a")).toBe(seq);
    expect(await test.put("b.txt", "b")).toBe(seq + 1);
  });

  it("keeps the mode of the file it replaces", async () => {
    await test.put("run.sh", "one");
    fs.chmodSync(test.at("run.sh"), 0o750);
    await test.put("run.sh", "two");
    expect(fs.statSync(test.at("run.sh")).mode & 0o777).toBe(0o750);
  });

  it("holds the caller to what it read", async () => {
    const absent = (content: string) =>
      test.ask(writeRequest, write, { path: "a", content, ifMatch: "absent", origin });
    await absent("1");
    expect((await errorOf(absent("2"))).code).toBe("conflict");
    const replace = (ifMatch: string) => test.ask(writeRequest, write, { path: "a", content: "3", ifMatch, origin });
    expect((await errorOf(replace(sha256("2")))).code).toBe("conflict");
    expect((await replace(sha256("1"))).seq).toBe(2);
  });

  it("takes bytes as base64 and refuses what is none", async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 0]);
    await test.ask(writeRequest, write, {
      path: "x.bin",
      content: bytes.toString("base64"),
      encoding: "base64",
      origin,
    });
    expect(fs.readFileSync(test.at("x.bin"))).toEqual(bytes);
    expect(
      (await errorOf(test.ask(writeRequest, write, { path: "y", content: "???", encoding: "base64", origin }))).field,
    ).toBe("content");
  });

  it("answers although the bus is down; the change is replayed later", async () => {
    test.bus.isDown = true;
    await test.put("a", "1");
    test.bus.isDown = false;
    await test.put("a", "2");
    expect(await test.ask(readChangesRequest, readChanges, { after: 0 })).toMatchObject({
      newest: 2,
      gap: false,
      changes: [{ seq: 1 }, { seq: 2 }],
    });
  });

  it("refuses folders, links, files as folders, and what others own", async () => {
    fs.symlinkSync("/etc/hostname", test.at("link"));
    await test.put("file", "x");
    const at = async (path: string) =>
      (await errorOf(test.ask(writeRequest, write, { path, content: "x", origin }))).code;
    expect(await at("apps")).toBe("is-folder");
    expect(await at("link")).toBe("denied");
    expect(await at("file/below")).toBe("not-a-folder");
    for (const path of [
      ".matrix/x",
      ".MATRIX/x",
      "system/inbox/x",
      "system/open/x",
      "system/outbox/x",
      "system/sessions/s/session.json",
      "system/activity/x",
      "system/policy/x",
      "system",
      "a/.git/hooks/x",
      "a/.matrix-manifest",
    ]) {
      expect([path, await at(path)]).toEqual([path, "denied"]);
    }
  });

  it("answers all of many writes at once, in order, without a gap", async () => {
    const seqs = await Promise.all(Array.from({ length: 50 }, (_, at) => test.put(`many/${at % 10}.txt`, `${at}`)));
    expect(seqs).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    await test.bus.heard(({ seq }) => seq === 50);
    expect(test.bus.changes.map(({ seq }) => seq)).toEqual(seqs);
  });

  it("counts on after a restart", async () => {
    await test.put("a", "1");
    await test.restart();
    expect(await test.put("a", "2")).toBe(2);
    expect((await test.ask(readChangesRequest, readChanges, { after: 1 })).changes.map(({ seq }) => seq)).toEqual([2]);
  });
});

describe("edit", () => {
  const change = (replacements: unknown, extra = {}) =>
    test.ask(editRequest, edit, { path: "a.md", replacements, origin, ...extra });

  it("replaces passages in order", async () => {
    await test.put("a.md", "one two two");
    await change([
      { old: "one", new: "$& three" },
      { old: "two", new: "2", all: true },
    ]);
    expect(fs.readFileSync(test.at("a.md"), "utf8")).toBe("$& three 2 2");
  });

  it("refuses missing and ambiguous passages, missing files and other bytes, and changes nothing", async () => {
    await test.put("a.md", "two two");
    expect((await errorOf(change([{ old: "one", new: "" }]))).code).toBe("invalid");
    expect((await errorOf(change([{ old: "two", new: "x" }]))).field).toBe("replacements.0.old");
    expect((await errorOf(change([{ old: "two", new: "x", all: true }], { ifMatch: sha256("other") }))).code).toBe(
      "conflict",
    );
    expect(
      (await errorOf(test.ask(editRequest, edit, { path: "b.md", replacements: [{ old: "a", new: "b" }], origin })))
        .code,
    ).toBe("not-found");
    fs.writeFileSync(test.at("bin"), Buffer.from([0xff, 0xfe]));
    expect(
      (await errorOf(test.ask(editRequest, edit, { path: "bin", replacements: [{ old: "a", new: "b" }], origin })))
        .code,
    ).toBe("invalid");
    expect(fs.readFileSync(test.at("a.md"), "utf8")).toBe("two two");
  });
});

describe("move and delete", () => {
  const moveTo = (from: string, to: string) => test.ask(moveRequest, move, { from, to, origin });

  it("moves a file into folders that are made for it", async () => {
    await test.put("a", "1");
    expect(await moveTo("a", "x/y/b")).toMatchObject({ path: "x/y/b", created: true, hash: sha256("1"), seq: 2 });
    expect(fs.existsSync(test.at("a"))).toBe(false);
    expect((await test.bus.heard(({ seq }) => seq === 2)).paths).toMatchObject([
      { path: "a", kind: "deleted" },
      { path: "x/y/b", kind: "created" },
    ]);
  });

  it("moves a folder with all it holds", async () => {
    await test.put("f/a", "1");
    await test.put("f/b/c", "2");
    await moveTo("f", "g");
    expect(fs.readFileSync(test.at("g/b/c"), "utf8")).toBe("2");
    expect((await test.bus.heard(({ seq }) => seq === 3)).pathCount).toBe(4);
  });

  it("refuses what is not there, what is in the way, itself, and what others own", async () => {
    await test.put("a", "1");
    await test.put("b", "2");
    await test.put("f/a", "3");
    expect((await errorOf(moveTo("no", "x"))).code).toBe("not-found");
    expect((await errorOf(moveTo("a", "b"))).code).toBe("already-exists");
    expect((await errorOf(moveTo("f", "f/g"))).code).toBe("invalid");
    expect((await errorOf(moveTo("a", "system/policy/a"))).code).toBe("denied");
    expect((await errorOf(moveTo("system", "s"))).code).toBe("denied");
  });

  it("deletes files and folders, held to what the caller read", async () => {
    await test.put("f/a", "1");
    await test.put("f/b", "2");
    const gone = (path: string, ifMatch?: string) =>
      test.ask(deleteRequest, deletePath, { path, origin, ...(ifMatch === undefined ? {} : { ifMatch }) });
    expect((await errorOf(gone("f/a", sha256("other")))).code).toBe("conflict");
    await gone("f/a", sha256("1"));
    await gone("f");
    expect(fs.existsSync(test.at("f"))).toBe(false);
    expect((await errorOf(gone("f"))).code).toBe("not-found");
    expect((await errorOf(gone(".matrix"))).code).toBe("denied");
    expect(test.bus.changes.at(-1)?.paths).toEqual([{ path: "f/b", kind: "deleted" }]);
  });
});

describe("read, list and search", () => {
  it("reads a file, and long ones in parts that cut no character", async () => {
    const text = "ä€😀".repeat(1_000);
    await test.put("long.txt", text);
    let back = "";
    for (let offset = 0, more = true; more;) {
      const part = await test.ask(readRequest, read, { path: "long.txt", offset, length: 1_000 });
      back += part.content;
      offset += Buffer.byteLength(part.content);
      more = offset < part.sizeBytes;
      expect(part.hash).toBe(sha256(text));
    }
    expect(back).toBe(text);
  });

  it("gives bytes that are no text as they are, and parts of them too", async () => {
    const bytes = Buffer.from([0xe2, 0x82, 0xff, 0x80, 0x80, 0x80, 0x80, 0x80]);
    fs.writeFileSync(test.at("odd"), bytes);
    const ask = (wish: object) => test.ask(readRequest, read, { path: "odd", ...wish });
    expect(Buffer.from((await ask({ encoding: "base64" })).content, "base64")).toEqual(bytes);
    for (let length = 1; length <= bytes.length; length += 1) expect((await ask({ length })).sizeBytes).toBe(8);
    expect(await ask({ offset: 100 })).toMatchObject({ content: "", truncated: true });
    fs.writeFileSync(test.at("odd"), "é");
    expect((await ask({ length: 1 })).content).not.toBe("");
  });

  it("tells what can't be read", async () => {
    fs.symlinkSync("/etc/passwd", test.at("link"));
    fs.symlinkSync("/etc", test.at("etc"));
    const at = async (path: string) => (await errorOf(test.ask(readRequest, read, { path }))).code;
    expect([
      await at("no"),
      await at("apps"),
      await at("link"),
      await at("etc/passwd"),
      await at(".matrix/history.git/HEAD"),
    ]).toEqual(["not-found", "is-folder", "denied", "denied", "denied"]);
  });

  it("lists folders by depth, links as links, without bookkeeping", async () => {
    await test.put("n/a/b", "1");
    fs.symlinkSync("/etc", test.at("n/etc"));
    fs.mkdirSync(test.at("n/node_modules/x"), { recursive: true });
    const one = await test.ask(listRequest, list, { path: "n" });
    expect(one.entries.map(({ path, type }) => `${type} ${path}`)).toEqual([
      "folder n/a",
      "link n/etc",
      "folder n/node_modules",
    ]);
    const three = await test.ask(listRequest, list, { path: "", depth: 3 });
    const paths = three.entries.map(({ path }) => path);
    expect(paths).toContain("n/a/b");
    expect(paths).toContain("system/soul.md");
    expect(
      paths.some((path) => path.startsWith(".matrix") || path.startsWith("system/inbox") || path.startsWith("n/etc/")),
    ).toBe(false);
    expect(await test.ask(listRequest, list, { path: "", depth: 3, limit: 2 })).toMatchObject({ truncated: true });
    expect((await errorOf(test.ask(listRequest, list, { path: "no" }))).code).toBe("not-found");
    expect((await errorOf(test.ask(listRequest, list, { path: "system/soul.md" }))).code).toBe("not-a-folder");
  });

  it("finds text in any case, and names", async () => {
    await test.put("notes/milk.md", "first\nBuy MILK today\n");
    await test.put("notes/photo.bin", "milk\0milk");
    const found = await test.ask(searchRequest, search, { query: "milk", path: "notes" });
    expect(found).toEqual({ matches: [{ path: "notes/milk.md", line: 2, text: "Buy MILK today" }], truncated: false });
    expect((await test.ask(searchRequest, search, { query: "PHOTO" })).matches).toMatchObject([
      { path: "notes/photo.bin" },
    ]);
    expect((await test.ask(searchRequest, search, { query: "i", limit: 1 })).truncated).toBe(true);
  });
});
