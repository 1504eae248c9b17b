import fs from "node:fs";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { editRequest } from "@matrix-os/contracts/file/edit.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRoot } from "../src/disk/folder.ts";
import { ChangeGate } from "../src/disk/home/change-gate.ts";
import { deletePath } from "../src/on-request/delete.ts";
import { edit } from "../src/on-request/edit.ts";
import { move } from "../src/on-request/move.ts";
import { read } from "../src/on-request/read.ts";
import { undo } from "../src/on-request/undo.ts";
import { write } from "../src/on-request/write.ts";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";

let test: TestHome;
const kernel = { actor: "kernel", session: "s_1", turn: "t_1", call: "c_1" };
const tainted = { ...kernel, taint: ["web"] };

beforeEach(async () => {
  test = await openTestHome();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const put = (path: string, origin: object, content = "x") => test.ask(writeRequest, write, { path, content, origin });
const taintOf = async (path: string) => (await test.ask(readRequest, read, { path })).taint ?? [];

describe("what the owner has not allowed", () => {
  it.each(["system/soul.md", "System/Soul.md", "skills/x/SKILL.md", "AGENTS/x.md", "system/config.json"])(
    "writing %s is refused to everybody but the owner",
    async (path) => {
      for (const actor of ["kernel", "tools", "app:shop"])
        expect((await errorOf(put(path, { ...kernel, actor }))).code).toBe("denied");
      if (path === path.toLowerCase()) await put(path, { actor: "owner" });
    },
  );

  it("is policy and the books, even where an answer allows them and no other rule is in the way", async () => {
    using root = openRoot(test.home);
    const gate = new ChangeGate({ root, labels: test.deps.labels, isAllowed: () => true });
    for (const path of ["system/policy/approvals.json", "system/sessions/s_1/turns/t.jsonl"]) {
      expect(() => gate.check({ origin: kernel }, [path])).toThrow(/own hand/);
      expect(() => gate.check({ origin: { actor: "owner" } }, [path])).not.toThrow();
    }
    expect(() => gate.check({ origin: kernel }, ["skills/x/SKILL.md"])).not.toThrow();
  });

  it("is refused by way of a move, a deletion and an undo, too, and the home stays as it is", async () => {
    await put("notes/a.md", kernel);
    await put("skills/mine/SKILL.md", { actor: "owner" });
    const ways = [
      () => test.ask(moveRequest, move, { from: "notes", to: "skills/notes", origin: kernel }),
      () => test.ask(moveRequest, move, { from: "skills", to: "notes/skills", origin: kernel }),
      () => test.ask(deleteRequest, deletePath, { path: "skills/mine", origin: kernel }),
      () => test.ask(undoRequest, undo, { direction: "undo", origin: { ...kernel, turn: "t_2" } }),
    ];
    for (const way of ways) expect((await errorOf(way())).code).toBe("denied");
    expect(fs.readFileSync(test.at("skills/mine/SKILL.md"), "utf8")).toBe("x");
    expect(fs.readFileSync(test.at("notes/a.md"), "utf8")).toBe("x");
  });

  it("is refused to the holder of an API token as it is to a tool, and what such a one writes is labelled", async () => {
    const holder = { actor: "token:0123456789abcdef", taint: ["paired"] };
    for (const path of ["system/soul.md", "skills/x/SKILL.md", "system/policy/approvals.json"])
      expect((await errorOf(put(path, holder))).code).toBe("denied");
    await put("skills/x/SKILL.md", { actor: "owner" });
    const wide = { from: "skills/x", to: "notes/x", origin: holder };
    expect((await errorOf(test.ask(moveRequest, move, wide))).code).toBe("denied");
    expect((await errorOf(test.ask(undoRequest, undo, { direction: "undo", origin: holder }))).code).toBe("denied");
    await put("notes/a.md", holder);
    expect(await taintOf("notes/a.md")).toEqual(["paired"]);
    await put("notes/b.md", { actor: "owner" });
    await test.ask(moveRequest, move, { from: "notes/b.md", to: "notes/c.md", origin: holder });
    expect(await taintOf("notes/c.md")).toEqual(["paired"]);
  });

  it("is open to a narrow grant in the owner's rules, in a clean turn", async () => {
    fs.mkdirSync(test.at("system/policy"), { recursive: true });
    const rule = { tool: "write_file", target: "skills/mine/**", verdict: "allow" };
    fs.writeFileSync(test.at("system/policy/approvals.json"), JSON.stringify({ rules: [rule] }));
    await put("skills/mine/SKILL.md", kernel);
    expect((await errorOf(put("skills/mine/SKILL.md", tainted, "y"))).code).toBe("denied");
    expect((await errorOf(put("skills/yours/SKILL.md", kernel))).code).toBe("denied");
    fs.writeFileSync(test.at("system/policy/approvals.json"), "{");
    expect((await errorOf(put("skills/mine/SKILL.md", kernel, "z"))).code).toBe("denied");
  });
});

describe("labels", () => {
  it("come with the writer, stay with moves and restarts, and go when the owner writes", async () => {
    await put("notes/a.md", tainted);
    expect(await taintOf("notes/a.md")).toEqual(["web"]);
    await test.ask(moveRequest, move, { from: "notes", to: "kept", origin: { actor: "owner" } });
    await test.restart();
    expect(await taintOf("kept/a.md")).toEqual(["web"]);
    await put("kept/a.md", { actor: "owner" }, "mine");
    expect(await taintOf("kept/a.md")).toEqual([]);
  });

  it("stay when a part is changed, and come back with an undo", async () => {
    await put("notes/a.md", tainted);
    const part = { path: "notes/a.md", replacements: [{ old: "x", new: "y" }], origin: { ...kernel, turn: "t_2" } };
    await test.ask(editRequest, edit, part);
    expect(await taintOf("notes/a.md")).toEqual(["web"]);
    await put("notes/a.md", { actor: "owner" }, "mine");
    await test.ask(undoRequest, undo, { direction: "undo", origin: { actor: "owner" } });
    expect(await taintOf("notes/a.md")).toEqual(["web"]);
  });

  it("of apps and of what is found are those of apps and files; a torn last line costs nothing else", async () => {
    await put("data/shop/a.json", { actor: "app:shop" });
    await put("notes/b.md", tainted);
    await test.stop();
    fs.appendFileSync(test.at(".matrix/labels.jsonl"), '{"path":"notes/c');
    fs.writeFileSync(test.at("found.md"), "found");
    await test.start();
    await test.deps.settled;
    expect(await taintOf("data/shop/a.json")).toEqual(["app"]);
    expect(await taintOf("found.md")).toEqual(["file"]);
    expect(await taintOf("notes/b.md")).toEqual(["web"]);
  });
});
