import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestHome, openTestHome, photograph, toCode } from "./parts/test-home.ts";
import { type TestWorkspace, checkOutFolder } from "./parts/test-workspace.ts";

const SECRET = "top secret words";
let test: TestHome;
let outside: string;
let work: TestWorkspace;
beforeEach(async () => {
  test = await openTestHome();
  await test.deps.settled;
  // On the same disk as the workspaces, or there could be no hard link.
  outside = fs.mkdtempSync(path.join(os.tmpdir(), "outside-"));
  fs.writeFileSync(path.join(outside, "secret"), SECRET);
  await test.put("projects/x/a", "1");
  await test.put("projects/x/sub/b", "1");
  work = await checkOutFolder(test, "projects/x");
});
afterEach(async () => {
  await test[Symbol.asyncDispose]();
  fs.rmSync(outside, { recursive: true });
});

const run = (program: string, ...args: string[]) => void execFileSync(program, args);

/** Nothing came in, nothing outside was touched, nothing is left behind. */
function expectUntouched(before: Record<string, string>): void {
  expect(photograph(test.home)).toEqual(before);
  expect(fs.readdirSync(test.at(".matrix/tmp"))).toEqual([]);
  expect(fs.readdirSync(outside)).toEqual(["secret"]);
  expect(fs.readFileSync(path.join(outside, "secret"), "utf8")).toBe(SECRET);
}

/** As `mknod` by one who may; a plain user can't make devices at all. */
const mayMakeDevices = process.getuid?.() === 0;

describe("a check-in refuses the whole change for", () => {
  it.each<[string, () => void, string | RegExp]>([
    ["a link to a file of the system", () => fs.symlinkSync("/etc/passwd", work.at("evil")), "evil"],
    ["a link that climbs out", () => fs.symlinkSync("../../../etc/passwd", work.at("sub/evil")), "sub/evil"],
    ["a link to the folder above", () => fs.symlinkSync("..", work.at("evil")), "evil"],
    [
      "a link that climbs out over another link",
      () => {
        fs.mkdirSync(work.at("d1/d2"), { recursive: true });
        fs.symlinkSync("../../sub", work.at("d1/d2/s"));
        fs.symlinkSync("s/../../secret", work.at("d1/d2/evil"));
      },
      "d1/d2/evil",
    ],
    [
      "a file made into a link",
      () => {
        fs.rmSync(work.at("a"));
        fs.symlinkSync(path.join(outside, "secret"), work.at("a"));
      },
      "a",
    ],
    [
      "a folder made into a link",
      () => {
        fs.rmSync(work.at("sub"), { recursive: true });
        fs.symlinkSync(outside, work.at("sub"));
      },
      "sub",
    ],
    ["a hard link to a file outside", () => fs.linkSync(path.join(outside, "secret"), work.at("evil")), "evil"],
    [
      "two hard links to a file outside",
      () => {
        fs.linkSync(path.join(outside, "secret"), work.at("e1"));
        fs.linkSync(path.join(outside, "secret"), work.at("e2"));
      },
      "e1",
    ],
    ["a setuid file", () => work.write("evil", "#!/bin/sh", 0o4755), "evil"],
    ["a setgid file", () => work.write("evil", "#!/bin/sh", 0o2755), "evil"],
    [
      "a name that is no UTF-8",
      () => fs.writeFileSync(Buffer.concat([Buffer.from(`${work.root}/`), Buffer.from([0x61, 0xff])]), ""),
      "a\ufffd",
    ],
    ["a file with the history's own name", () => work.write("sub/.matrix-manifest", "{}"), "sub/.matrix-manifest"],
    ["a look-alike of the history's own name", () => work.write(".Matrix-Manifest", "{}"), ".Matrix-Manifest"],
    [
      "a path that is too long for the home",
      () => fs.mkdirSync(work.at(...Array<string>(5).fill("n".repeat(250))), { recursive: true }),
      /^(?:n{250}\/){4}n{250}$/,
    ],
    [
      "folders below folders without end",
      () => fs.mkdirSync(work.at(...Array<string>(150).fill("d")), { recursive: true }),
      "",
    ],
    ["a huge sparse file", () => run("truncate", "-s", "1T", work.at("huge")), ""],
    [
      "names that differ only in case",
      () => {
        work.write("README", "1");
        work.write("readme", "2");
      },
      "README",
    ],
    ["a name that differs from one of the home's only in case", () => work.write("SUB/c", "2"), "SUB"],
    [
      "names that differ only in how an accent is written",
      () => {
        work.write("caf\u00e9", "1");
        work.write("cafe\u0301", "2");
      },
      "caf\u00e9",
    ],
    ...(mayMakeDevices
      ? [
          ["a device", () => run("mknod", work.at("evil"), "b", "7", "0"), "evil"] as [string, () => void, string],
          ["a character device", () => run("mknod", work.at("evil"), "c", "1", "3"), "evil"] as [
            string,
            () => void,
            string,
          ],
        ]
      : []),
  ])("%s", async (_what, byCommand, named) => {
    const before = photograph(test.home);
    work.write("harmless", "1");
    byCommand();
    const reply = await work.checkIn();
    expect(reply).toMatchObject({ applied: false, conflicts: [] });
    const below = reply.refused.map(({ path: at }) => at.slice("projects/x/".length));
    if (typeof named === "string") expect(below).toContain(named);
    else expect(below.some((at) => named.test(at))).toBe(true);
    expect(reply.refused.every(({ why }) => why.length > 10)).toBe(true);
    expectUntouched(before);
  });

  it("a hundred thousand files, without reading them all", async () => {
    const before = photograph(test.home);
    execFileSync("sh", ["-c", "mkdir many && cd many && seq 100000 | xargs touch"], { cwd: work.root });
    expect(await work.checkIn()).toMatchObject({
      applied: false,
      refused: [{ path: "projects/x", why: expect.stringContaining("50000") }],
    });
    expectUntouched(before);
  }, 300_000);
});

it("sockets and pipes are skipped and named, and what stood in their place at home stays", async () => {
  fs.rmSync(work.at("a"));
  run("mkfifo", work.at("a"), work.at("pipe"));
  const server = net.createServer().listen(work.at("socket"));
  await once(server, "listening");
  work.write("fine", "1");
  const reply = await work.checkIn();
  server.close();
  expect(reply).toMatchObject({ applied: true, changed: ["projects/x/fine"] });
  expect(reply.refused.map(({ path: at }) => at).toSorted()).toEqual([
    "projects/x/a",
    "projects/x/pipe",
    "projects/x/socket",
  ]);
  expect(fs.readFileSync(test.at("projects/x/a"), "utf8")).toBe("1");
});

it.skipIf(mayMakeDevices)("what can't be read is skipped and named, and stays at home as it was", async () => {
  fs.chmodSync(work.at("a"), 0o000);
  fs.chmodSync(work.at("sub"), 0o000);
  const reply = await work.checkIn();
  expect(reply.refused.map(({ path: at }) => at).toSorted()).toEqual(["projects/x/a", "projects/x/sub"]);
  expect(reply).toMatchObject({ applied: true, changes: 0 });
});

it("what was refused once can be put right and checked in", async () => {
  fs.symlinkSync("/etc/passwd", work.at("evil"));
  work.write("fine", "1");
  expect((await work.checkIn()).applied).toBe(false);
  fs.rmSync(work.at("evil"));
  expect(await work.checkIn()).toMatchObject({ applied: true, changed: ["projects/x/fine"] });
});

it("takes hard links within the workspace as files of their own, and the owner's links as they were", async () => {
  fs.symlinkSync("/etc/hostname", test.at("projects/x/owner-link"));
  work = await checkOutFolder(test, "projects/x");
  fs.linkSync(work.at("a"), work.at("b"));
  expect(await work.checkIn()).toMatchObject({ applied: true, refused: [], changed: ["projects/x/b"] });
  expect(fs.statSync(test.at("projects/x/b")).nlink).toBe(1);
  expect(fs.readlinkSync(test.at("projects/x/owner-link"))).toBe("/etc/hostname");
});

it("names of the system are ordinary below a checked-out folder, and stay there", async () => {
  const before = photograph(test.home, "apps");
  work.write(".matrix/tmp/x", "1");
  work.write("system/policy/x", "1");
  expect(await work.checkIn()).toMatchObject({ applied: true });
  expect(fs.readFileSync(test.at("projects/x/system/policy/x"), "utf8")).toBe("1");
  expect(fs.existsSync(test.at("system/policy/x"))).toBe(false);
  expect(photograph(test.home, "apps")).toEqual(before);
});

/** Swaps something in the workspace for something evil, as fast as it can, while the work goes on. */
async function whileFlipping(names: readonly [string, string, string], what: () => Promise<void>): Promise<void> {
  const flipper = fork(
    new URL("parts/flip-folder.ts", import.meta.url),
    names.map((name) => work.at(name)),
    {
      execArgv: [],
    },
  );
  await once(flipper, "message");
  await what();
  const gone = once(flipper, "exit");
  flipper.disconnect();
  await gone;
}

it.each(["folder", "file"])(
  "a %s that is swapped with a link while it is checked in, out and dropped never lets anything in or out",
  async (kind) => {
    if (kind === "folder") {
      work.write("f/secret", "harmless");
      fs.symlinkSync(outside, work.at("link"));
    } else {
      work.write("f", "harmless");
      fs.symlinkSync(path.join(outside, "secret"), work.at("link"));
    }
    const seen = new Map<string, number>();
    const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);
    await whileFlipping(["f", "link", "aside"], async () => {
      for (let at = 0; at < 150; at += 1) {
        work.write("b", `${at}`);
        await work.checkIn().then(
          ({ applied }) => count(applied ? "applied" : "refused"),
          (error: unknown) => count(toCode(error)),
        );
        if (at % 10 === 0) await checkOutFolder(test, "projects/x").catch((error: unknown) => count(toCode(error)));
      }
    });
    const home = JSON.stringify(photograph(test.home));
    expect(home).not.toContain(Buffer.from(SECRET).toString("base64"));
    expect(home).not.toContain(`link ${outside}`);
    expect(fs.readdirSync(outside)).toEqual(["secret"]);
    expect(fs.readFileSync(path.join(outside, "secret"), "utf8")).toBe(SECRET);
    expect(seen.has("internal")).toBe(false);
    expect(seen.get("refused")).toBeGreaterThan(0);
  },
  180_000,
);
