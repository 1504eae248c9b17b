import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TreeStep, parseLs, putBytes, quotePath } from "./fast-import-text.ts";
import { runGit, toGitError } from "./git-command.ts";
import { HistoryRepository } from "./history-repository.ts";

const searchPath = "/usr/local/bin:/usr/bin:/bin";
let folder: string;
let repository: HistoryRepository;
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "git-"));
  repository = new HistoryRepository({ gitDir: path.join(folder, "h.git"), searchPath }, "d");
  await repository.open();
});
afterEach(async () => {
  await repository[Symbol.asyncDispose]();
  fs.rmSync(folder, { recursive: true });
});

const commit = (...steps: TreeStep[]) =>
  repository.commit({ actor: "a <b>\n", committer: "", at: new Date(0), message: "m\n", steps });
const put = (at: string, text: string) => putBytes(at, "100644", Buffer.from(text));

describe("the history", () => {
  it("makes snapshots, reads them back and tells what changed", async () => {
    const first = await commit(put("a", "1"), put("f/b", "2"), put("f/g/c", "3"));
    const second = await commit({ step: "rename", from: "f", to: "h" }, { step: "remove", path: "a" }, put("h/b", "4"));
    expect(repository.tip).toBe(second);
    expect([...(await repository.list(first, "")).keys()].toSorted()).toEqual(["a", "f/b", "f/g/c"]);
    const changes = await repository.changesOf(second);
    expect(
      Object.fromEntries(
        changes.map(({ path: at, before, after }) => [at, [before !== undefined, after !== undefined]]),
      ),
    ).toEqual({
      a: [true, false],
      "f/b": [true, false],
      "f/g/c": [true, false],
      "h/b": [false, true],
      "h/g/c": [false, true],
    });
    expect(await repository.state(first, "f")).toEqual({ type: "folder", mode: 0o755 });
    expect(await repository.state(first, "none")).toBeUndefined();
    expect((await repository.blob((await repository.look(second, "h/b"))?.id ?? "")).toString()).toBe("4");
    expect((await repository.readCommit(second))?.parent).toBe(first);
    expect([await repository.readCommit("0".repeat(40)), await repository.changesOf("0".repeat(40))]).toEqual([
      undefined,
      [],
    ]);
    await expect(repository.blob("0".repeat(40))).rejects.toMatchObject({ code: "disk-failed" });
  });

  it("streams files larger than a pipe holds, and leaves out those that are gone", async () => {
    const part = Buffer.alloc(131_072, "x");
    const parts = Array.from({ length: 40 }, () => part);
    const large: TreeStep = {
      step: "put",
      path: "large",
      mode: "100644",
      open: () => ({ size: part.length * 40, parts }),
    };
    const id = await commit(large, { step: "put", path: "gone", mode: "100644", open: () => undefined });
    expect((await repository.blob((await repository.look(id, "large"))?.id ?? "")).length).toBe(part.length * 40);
    expect(await repository.look(id, "gone")).toBeUndefined();
  });

  it("refuses a file that shrinks or grows while it is read, and goes on afterwards", async () => {
    const first = await commit(put("a", "1"));
    for (const parts of [[Buffer.from("x")], [Buffer.from("xxxxx"), Buffer.from("xxxxxxx")]]) {
      const odd: TreeStep = { step: "put", path: "odd", mode: "100644", open: () => ({ size: 10, parts }) };
      await expect(commit(odd)).rejects.toMatchObject({ code: "disk-failed" });
      expect(repository.tip).toBe(first);
    }
    await commit(put("a", "2"));
    expect(await repository.look(repository.tip ?? "", "odd")).toBeUndefined();
  });

  it("finds its newest snapshot again, also when refs were packed by hand, and sweeps what a killed writer left", async () => {
    const id = await commit(put("a", "1"));
    await repository[Symbol.asyncDispose]();
    const place = { gitDir: path.join(folder, "h.git"), searchPath };
    await runGit(place, ["pack-refs", "--all"]);
    for (const name of [
      "objects/pack/tmp_pack_x",
      "objects/pack/pack-x.keep",
      "fast_import_crash_1",
      "refs/snap/d.lock",
    ])
      fs.writeFileSync(path.join(place.gitDir, name), "");
    repository = new HistoryRepository(place, "d");
    await repository.open();
    expect(repository.tip).toBe(id);
    expect(
      fs
        .readdirSync(path.join(place.gitDir, "objects/pack"))
        .filter((name) => name.startsWith("tmp_") || name.endsWith(".keep")),
    ).toEqual([]);
    await commit(put("a", "2"));
  });

  it("fails clearly without git", async () => {
    const none = new HistoryRepository({ gitDir: path.join(folder, "none.git"), searchPath: "/nowhere" }, "d");
    await expect(none.open()).rejects.toMatchObject({
      code: "disk-failed",
      message: expect.stringContaining("git") as string,
    });
    const lost = new HistoryRepository({ gitDir: path.join(folder, "h.git"), searchPath: "/nowhere" }, "e");
    await expect(lost.blob("0".repeat(40))).rejects.toMatchObject({ code: "disk-failed" });
    await expect(
      lost.commit({ actor: "a", committer: "c", at: new Date(), message: "m", steps: [] }),
    ).rejects.toMatchObject({ kind: "unavailable" });
  });
});

it("git's complaints become disk errors", async () => {
  expect(toGitError("x", "fatal: write error: No space left on device")).toMatchObject({ code: "disk-full" });
  expect(toGitError("x", "")).toMatchObject({ code: "disk-failed" });
  await expect(runGit({ gitDir: path.join(folder, "h.git"), searchPath }, ["no-such-command"])).rejects.toMatchObject({
    code: "disk-failed",
  });
});

it("paths are quoted whatever they hold", () => {
  expect(quotePath('a "b"\\\n')).toBe('"a \\"b\\"\\\\\\n"');
  expect([parseLs("missing x"), parseLs(`100644 blob ${"0".repeat(40)}\tx`)]).toEqual([
    undefined,
    { mode: "100644", id: "0".repeat(40) },
  ]);
});
