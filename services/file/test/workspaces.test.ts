import fs from "node:fs";
import path from "node:path";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { dropWorkspaceRequest } from "@matrix-os/contracts/file/drop-workspace.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkIn } from "../src/on-request/check-in.ts";
import { checkOut } from "../src/on-request/check-out.ts";
import { dropWorkspace } from "../src/on-request/drop-workspace.ts";
import { type TestHome, errorOf, openTestHome, photograph } from "./parts/test-home.ts";
import { type TestWorkspace, checkOutFolder } from "./parts/test-workspace.ts";

const origin = { actor: "owner" };
let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
  await test.deps.settled;
});
afterEach(() => test[Symbol.asyncDispose]());

const text = (at: string) => fs.readFileSync(test.at(at), "utf8");

describe("workspaces", () => {
  it("are dropped on request, with what commands closed, and are then unknown", async () => {
    const work = await checkOutFolder(test, "projects/x");
    work.write("node_modules/a/b", "1");
    fs.symlinkSync("/etc", work.at("node_modules/etc"));
    fs.chmodSync(work.at("node_modules"), 0o000);
    const drop = () => test.ask(dropWorkspaceRequest, dropWorkspace, { workspace: work.workspace });
    expect(await drop()).toEqual({});
    expect(fs.existsSync(path.dirname(work.root))).toBe(false);
    expect(await drop()).toEqual({});
    expect(fs.existsSync("/etc/hostname")).toBe(true);
    expect(await errorOf(work.checkIn())).toMatchObject({ code: "not-found", field: "workspace" });
    expect(() => checkInRequest.request.parse({ workspace: "../x", origin })).toThrow();
  });

  it("are at most twenty, and none that was unused for two weeks", async () => {
    const works: TestWorkspace[] = [];
    for (let at = 0; at < 22; at += 1) works.push(await checkOutFolder(test, `projects/p${at}`));
    const there = () => works.flatMap(({ root }, at) => (fs.existsSync(root) ? [at] : []));
    expect(there()).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
    const longAgo = new Date(Date.now() - 15 * 24 * 3_600_000);
    fs.utimesSync(path.join(works[7]?.root ?? "", "../base.json"), longAgo, longAgo);
    await checkOutFolder(test, "projects/p3");
    expect(there()).toEqual([2, 3, 4, 5, 6, ...Array.from({ length: 14 }, (_, at) => at + 8)]);
  });

  it("with a torn manifest are copied anew", async () => {
    await test.put("projects/x/a", "1");
    const work = await checkOutFolder(test, "projects/x");
    fs.writeFileSync(path.join(work.root, "../base.json"), '{"folder":');
    expect((await errorOf(work.checkIn())).code).toBe("not-found");
    work.write("a", "2");
    const again = await checkOutFolder(test, "projects/x");
    expect(fs.readFileSync(again.at("a"), "utf8")).toBe("1");
    expect(await again.checkIn()).toMatchObject({ changes: 0, applied: true });
  });

  it("answer check-outs and check-ins that come at once one after the other", async () => {
    for (let at = 0; at < 30; at += 1) await test.put(`projects/x/f${at}`, "1");
    const work = await checkOutFolder(test, "projects/x");
    work.write("new", "1");
    await Promise.all([
      work.checkIn(),
      checkOutFolder(test, "projects/x"),
      work.checkIn(),
      checkOutFolder(test, "projects/x"),
    ]);
    expect(photograph(work.root)).toEqual(photograph(test.at("projects/x")));
    expect(text("projects/x/new")).toBe("1");
    await test.ask(checkOutRequest, checkOut, { folder: "projects/x", origin });
    expect(await test.ask(checkInRequest, checkIn, { workspace: work.workspace, origin })).toMatchObject({
      changes: 0,
    });
  });
});
