import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { toFingerprintSet } from "@matrix-os/redaction/fingerprints";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deletePath } from "../src/on-request/delete.ts";
import { move } from "../src/on-request/move.ts";
import { read } from "../src/on-request/read.ts";
import { receive } from "../src/on-request/receive.ts";
import { undo } from "../src/on-request/undo.ts";
import { type TestHome, openTestHome } from "./parts/test-home.ts";

const origin = { actor: "owner" };
const secret = "corr3ct-horse-battery-staple";
const set = toFingerprintSet([{ name: "HORSE", value: secret }], Buffer.alloc(32, 7));

let home: TestHome;
beforeEach(async () => {
  home = await openTestHome();
  await home.deps.settled;
  home.bus.fingerprints = set;
  await home.deps.vault.refresh(0);
});
afterEach(() => home[Symbol.asyncDispose]());

const takeBack = () => home.ask(undoRequest, undo, { origin });
const textAt = (path: string) => fs.readFileSync(home.at(path), "utf8");
const git = (...args: string[]) =>
  execFileSync("git", ["--git-dir", home.at(".matrix/history.git"), ...args], { maxBuffer: 1e9 }).toString("latin1");

/** Every object of the history, whatever still refers to it. */
function readHistory(): string {
  const ids = git("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").trim().split("\n");
  return ids
    .map((line) => line.split(" "))
    .map(([id = "", type = ""]) => (type === "tree" ? git("ls-tree", id) : git("cat-file", type, id)))
    .join("\n");
}

const toldOf = (path: string) =>
  fs
    .readdirSync(home.at("system/activity"))
    .map((name) => fs.readFileSync(home.at("system/activity", name), "utf8"))
    .join("")
    .split("\n")
    .filter((line) => line.includes(path) && line.includes("left out of the history"));

test("a file with a secret is written, stays out of the history, and the owner hears of it", async () => {
  await home.put("notes/plain.md", "nothing special");
  await home.put("notes/key.md", `my key is ${secret}, keep it`);
  await home.put("notes/coded.md", Buffer.from(`x${secret}y`).toString("base64"));
  expect(textAt("notes/key.md")).toContain(secret);
  expect((await home.ask(readRequest, read, { path: "notes/key.md", encoding: "utf8" })).content).toContain(secret);
  const history = readHistory();
  expect(history).toContain("nothing special");
  expect(history).not.toContain(secret);
  expect(history).not.toContain(Buffer.from(`x${secret}y`).toString("base64"));
  expect(history.match(/holds the secret HORSE/g)?.length).toBe(2);
  expect(toldOf("notes/key.md")).toHaveLength(1);
  expect(toldOf("notes/key.md")[0]).not.toContain(secret);
});

test("without the secret's fingerprint the same file is found in the history: the search can find", async () => {
  home.bus.fingerprints = toFingerprintSet([], Buffer.alloc(32, 7));
  await home.deps.vault.refresh(0);
  await home.put("notes/key.md", `my key is ${secret}`);
  expect(readHistory()).toContain(secret);
});

test("undo goes back to before the secret, and says what it can't bring back", async () => {
  await home.put("key.md", "before");
  await home.put("key.md", `with ${secret}`);
  await home.put("key.md", "after");
  expect(await takeBack()).toMatchObject({ paths: [], conflicts: [], withheld: ["key.md"] });
  expect(textAt("key.md")).toBe("after");
  await home.put("key.md", `again ${secret}`);
  expect(await takeBack()).toMatchObject({ paths: [{ path: "key.md" }], withheld: [] });
  expect(textAt("key.md")).toBe("after");
  await home.put("key.md", `once more ${secret}`);
  await home.ask(deleteRequest, deletePath, { path: "key.md", origin });
  expect(await takeBack()).toMatchObject({ withheld: ["key.md"] });
});

test("two contents with the same secret are two states: undo does not overwrite the newer one", async () => {
  await home.put("key.md", `first ${secret}`);
  const first = home.deps.recorder.log.newest;
  await home.put("key.md", `second ${secret}`);
  expect(await home.ask(undoRequest, undo, { origin, entry: `c_${first}` })).toMatchObject({ conflicts: ["key.md"] });
  expect(textAt("key.md")).toBe(`second ${secret}`);
});

test("what others write, what is moved and what comes as a stream stays out too, large files as well", async () => {
  const padding = "0123456789abcdef\n".repeat(200_000);
  fs.mkdirSync(home.at("outside"));
  fs.writeFileSync(home.at("outside/small.md"), `small ${secret}`);
  fs.writeFileSync(home.at("outside/large.md"), `${padding}${secret}${padding}`);
  await home.deps.writer.recordOutside([""]);
  fs.appendFileSync(home.at("outside/small.md"), " and more");
  await home.deps.writer.recordOutside(["outside/small.md"]);
  await home.ask(moveRequest, move, { from: "outside/small.md", to: "outside/moved.md", origin });
  home.bus.parts.set("t1", [
    Buffer.from(`${padding}${secret.slice(0, 9)}`),
    Buffer.from(`${secret.slice(9)}${padding}`),
  ]);
  await home.ask(receiveRequest, receive, { path: "streamed.md", transfer: "t1", maxBytes: 1e8, origin });
  expect(textAt("streamed.md")).toContain(secret);
  const history = readHistory();
  expect(history).not.toContain(secret);
  expect(history.match(/holds the secret HORSE/g)?.length).toBeGreaterThanOrEqual(3);
  for (const path of ["outside/small.md", "outside/large.md", "streamed.md"])
    expect(toldOf(path).length, path).toBeGreaterThan(0);
});

test("a restart looks with what was known before the vault answers, and finds nothing new", async () => {
  await home.put("key.md", `with ${secret}`);
  await home.stop();
  home.bus.fingerprints = undefined;
  fs.writeFileSync(home.at("while-away.md"), `away ${secret}`);
  const before = home.bus.changes.length;
  await home.start();
  await home.deps.settled;
  expect(readHistory()).not.toContain(secret);
  expect(home.bus.changes.slice(before).flatMap(({ paths }) => paths.map(({ path }) => path))).toEqual([
    "while-away.md",
  ]);
});
