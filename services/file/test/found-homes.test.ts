import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { afterEach, describe, expect, it } from "vitest";
import { history } from "../src/on-request/history.ts";
import { undo } from "../src/on-request/undo.ts";
import { type TestHome, openTestHome, photograph } from "./parts/test-home.ts";

let test: TestHome;
afterEach(() => test[Symbol.asyncDispose]());

const origin = { actor: "owner" };
const big = Buffer.alloc(3_000_000, "big ");
const entries = async () => (await test.ask(historyRequest, history, {})).entries;
const git = (...args: string[]) =>
  execFileSync("git", ["--git-dir", test.at(".matrix/history.git"), ...args], { encoding: "utf8" });

function fill(home: string): void {
  const at = (name: string) => `${home}/${name}`;
  for (const folder of ["code/.git", "code/node_modules/x", "empty", "private"])
    fs.mkdirSync(at(folder), { recursive: true });
  fs.writeFileSync(at("code/.git/config"), "x");
  fs.writeFileSync(at("code/node_modules/x/index.js"), "x");
  fs.writeFileSync(at("code/main.ts"), "x");
  fs.writeFileSync(at("big.bin"), big);
  fs.writeFileSync(at("private/key"), "k", { mode: 0o600 });
  fs.symlinkSync("main.ts", at("code/link"));
  execFileSync("sh", ["-c", `mkfifo ${at("pipe")}`]);
}

describe("a home that was there before", () => {
  it("enters the history whole, silently, without what is not ours", async () => {
    test = await openTestHome({ before: fill });
    await test.deps.settled;
    const listed = git("ls-tree", "-r", "--name-only", "refs/snap/test").trim().split("\n");
    expect(listed).toEqual(
      expect.arrayContaining([
        "big.bin",
        "code/link",
        "code/main.ts",
        "private/key",
        "private/.matrix-manifest",
        "empty/.matrix-manifest",
      ]),
    );
    expect(listed.filter((path) => /node_modules|\.git\/|pipe|\.matrix\/|inbox/.test(path))).toEqual([]);
    expect(git("cat-file", "-s", "refs/snap/test:big.bin").trim()).toBe("3000000");
    expect(git("fsck", "--connectivity-only")).toBe("");
    expect(await entries()).toEqual([]);
  });

  it("is restored exactly after a tool deleted all of it", async () => {
    test = await openTestHome({ before: fill });
    await test.deps.settled;
    for (const path of ["code/node_modules", "code/.git", "pipe"]) fs.rmSync(test.at(path), { recursive: true });
    const before = photograph(test.home);
    for (const path of ["code", "big.bin", "empty", "private"]) fs.rmSync(test.at(path), { recursive: true });
    await test.deps.writer.recordOutside(["code", "big.bin", "empty", "private"]);
    await test.ask(undoRequest, undo, { origin });
    expect(photograph(test.home)).toEqual(before);
  });
});

describe("edits while nobody watched", () => {
  it.each(["is lost", "is damaged"])("are found when the watcher's memory %s", async (how) => {
    test = await openTestHome({ before: fill });
    await test.put("kept", "1");
    await test.stop();
    const [memory = ""] = fs.readdirSync(test.at(".matrix/watched"));
    if (how === "is lost") fs.rmSync(test.at(".matrix/watched"), { recursive: true });
    else fs.truncateSync(test.at(".matrix/watched", memory), 100);
    fs.writeFileSync(test.at("big.bin"), big.subarray(0, 2_000_000));
    fs.chmodSync(test.at("private/key"), 0o400);
    fs.chmodSync(test.at("empty"), 0o700);
    fs.rmSync(test.at("code"), { recursive: true });
    fs.symlinkSync("kept", test.at("link"));
    await test.start();
    await test.deps.settled;
    const [entry] = await entries();
    expect(entry?.origin.actor).toBe("outside");
    expect(entry?.paths.map(({ path, kind }) => `${kind} ${path}`).toSorted()).toEqual([
      "created link",
      "deleted code/link",
      "deleted code/main.ts",
      "updated big.bin",
      "updated private/key",
    ]);
    await test.ask(undoRequest, undo, { origin });
    expect(fs.readFileSync(test.at("big.bin")).equals(big)).toBe(true);
    expect([fs.statSync(test.at("private/key")).mode & 0o777, fs.statSync(test.at("empty")).mode & 0o777]).toEqual([
      0o600, 0o755,
    ]);
    await test.restart();
    await test.deps.settled;
    expect((await entries()).length).toBe(3);
  });
});

it("a long history is packed in a quiet moment and stays whole", async () => {
  test = await openTestHome();
  for (let at = 0; at < 410; at += 1) await test.put("a", `${at}`);
  expect(test.deps.repository.needsPacking).toBe(true);
  await test.deps.quiet.now();
  expect(test.deps.repository.needsPacking).toBe(false);
  await test.ask(undoRequest, undo, { origin, entry: "c_410" });
  expect(fs.readFileSync(test.at("a"), "utf8")).toBe("408");
  await test.put("a", "after");
  expect(git("rev-list", "--count", "refs/snap/test").trim()).toBe("413");
}, 60_000);
