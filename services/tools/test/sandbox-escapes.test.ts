import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, type Server, createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Confinement, confine } from "./confined.ts";
import { type Targets, escapes } from "./escapes.ts";

let at: Confinement;
let targets: Targets;
let outsider: ChildProcess;
const servers: Server[] = [];

beforeAll(async () => {
  at = await confine();
  const open = join(at.folder.path, "open");
  mkdirSync(open);
  chmodSync(open, 0o777);
  const secret = join(at.folder.path, "state", "owner.token");
  writeFileSync(secret, "canary");
  const other = at.makeWork();
  writeFileSync(join(other, "theirs"), "canary");
  outsider = spawn("sleep", ["600"]);
  const unixSocket = join(at.folder.path, "s.sock");
  const abstractSocket = `matrix-escape-${process.pid}`;
  const port = await listen(0);
  await listen(unixSocket);
  await listen(`\0${abstractSocket}`);
  targets = {
    secret,
    open,
    other,
    port: String(port),
    pid: String(outsider.pid),
    unixSocket,
    abstractSocket,
  };
});

afterAll(() => {
  for (const server of servers) server.close();
  outsider.kill();
  at[Symbol.dispose]();
});

async function listen(where: number | string): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  if (typeof where === "number") server.listen(where, "127.0.0.1");
  else server.listen(where);
  await once(server, "listening");
  return typeof where === "number" ? (server.address() as AddressInfo).port : 0;
}

function fill(script: string): string {
  return Object.entries(targets).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, String(value)), script);
}

/** Processes of the machine whose command line holds a text. */
function findProcesses(text: string): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

test("this machine has a sandbox that holds, and it says which", () => {
  expect(at.sandbox.report).toMatchObject({ level: "bubblewrap", why: [expect.any(String), expect.any(String)] });
});

test("there are scripts to try", () => {
  expect(escapes.length).toBeGreaterThanOrEqual(60);
  expect(new Set(escapes.map(({ name }) => name)).size).toBe(escapes.length);
});

describe("nothing gets out", () => {
  test.each(escapes)("$name", async ({ script }) => {
    const ran = await at.run(fill(script), { timeoutSeconds: 15 });
    expect(ran.text).not.toMatch(/ESCAPED|canary/);
    expect(ran.state).toBe("exited");
    if (script.includes("/usr/bin/perl")) expect(ran.text).toContain("RAN");
  });
});

describe("the same script gets out where nothing confines it", () => {
  test.each(escapes.filter(({ control }) => control))("$name", ({ script }) => {
    const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
    const ran = spawnSync("/bin/sh", ["-c", fill(script)], { cwd: at.makeWork(), env, encoding: "utf8" });
    expect(ran.stdout).toContain("ESCAPED");
  });
});

describe("what is bounded", () => {
  const MIB = 1_048_576;

  test("a fork bomb: refused by the limit of processes, and gone with the command", async () => {
    const ran = await at.run("f() { f | f & }; f; sleep 1; echo over", {
      limits: { processes: 64 },
      timeoutSeconds: 5,
    });
    expect(["exited", "timed-out"]).toContain(ran.state);
    expect(findProcesses("f | f &")).toEqual([]);
  });

  test("memory, of one process", async () => {
    const ran = await at.run(
      `node -e 'const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1))'; echo code $?`,
      {
        limits: { memoryBytes: 256 * MIB },
      },
    );
    expect(ran.text).not.toContain("code 0");
  });

  test("memory, of many processes together", async () => {
    const one = `perl -e 'my $all = "x" x (120 * 1024 * 1024); sleep 4; print "LIVED ", length $all, "\\n"'`;
    const ran = await at.run(`${one} & ${one} & ${one} & ${one} & wait`, { limits: { memoryBytes: 300 * MIB } });
    expect(ran.text.match(/LIVED/g)?.length ?? 0).toBeLessThan(4);
    expect(ran.state).toBe("over-memory");
  });

  test("the temporary folders", async () => {
    const ran = await at.run(
      "head -c 40m /dev/zero >/tmp/x && echo ESCAPED; head -c 40m /dev/zero >/dev/shm/x && echo ESCAPED",
      { limits: { temporaryBytes: 16 * MIB } },
    );
    expect(ran.text).not.toContain("ESCAPED");
  });

  test("a file, and the work folder", async () => {
    const one = await at.run("head -c 40m /dev/zero >x && echo ESCAPED; stat -c %s x", {
      limits: { fileBytes: 8 * MIB },
    });
    expect(one.text).not.toContain("ESCAPED");
    const many = await at.run("for i in $(seq 1 400); do head -c 8m /dev/zero >f$i; done; echo ESCAPED", {
      limits: { workBytes: 64 * MIB },
    });
    expect(many).toMatchObject({ state: "over-disk" });
    expect(many.text).not.toContain("ESCAPED");
  });

  test("open files", async () => {
    const ran = await at.run(
      `node -e 'let n = 0; try { for (; n < 5000; n++) require("fs").openSync("/dev/null") } catch (e) { console.log(e.code, n < 300) }'`,
      { limits: { openFiles: 256 } },
    );
    expect(ran.text).toContain("EMFILE true");
  });

  test("output", async () => {
    const ran = await at.run("yes endless", { limits: { outputBytes: MIB } });
    expect(ran).toMatchObject({ state: "over-output" });
    expect(ran.text.length).toBe(MIB);
  });

  test("processor time", async () => {
    const ran = await at.run("sh -c 'while :; do :; done'; echo code $?", {
      limits: { cpuPerWallTime: 0.1 },
      timeoutSeconds: 10,
    });
    expect(ran.text).toMatch(/code (137|152)/);
  });

  test("wall time, also for what has left its group and session", async () => {
    const mark = `613.${process.pid}`;
    const ran = await at.run(`setsid sh -c '(sleep ${mark} </dev/null >/dev/null 2>&1 &) &'; sleep 10`, {
      timeoutSeconds: 1,
    });
    expect(ran.state).toBe("timed-out");
    expect(findProcesses(mark)).toEqual([]);
  });
});

test("a command that ends takes what it left running with it", async () => {
  const mark = `614.${process.pid}`;
  const ran = await at.run(`setsid sleep ${mark} </dev/null >/dev/null 2>&1 & echo begun`);
  expect(ran).toMatchObject({ state: "exited", exitCode: 0, text: "begun\n" });
  expect(findProcesses(mark)).toEqual([]);
});

test("ordinary work goes: sh, node, git, npm, a small build, environment and user", async () => {
  const work = at.makeWork();
  writeFileSync(join(work, "add.ts"), "export const add = (a: number, b: number): number => a + b;\n");
  writeFileSync(
    join(work, "add.test.ts"),
    'import { test } from "node:test"; import assert from "node:assert";\nimport { add } from "./add.ts";\ntest("adds", () => assert.equal(add(1, 2), 3));\n',
  );
  const script = [
    "set -e",
    "git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm first && git log --oneline | wc -l",
    "node --test add.test.ts | grep -c '^# pass 1' || node --test add.test.ts | grep -c 'pass 1'",
    "if test -e /usr/bin/npm; then npm --version >/dev/null; fi",
    "mkdir -p out && printf 'all: out/x\\nout/x:\\n\\techo built >out/x\\n' >Makefile",
    "echo built >out/x && cat out/x",
    "echo $HOME $(pwd) $(id -un) && env | cut -d= -f1 | sort | tr '\\n' ' '",
  ].join("\n");
  const ran = await at.run(script, { work, timeoutSeconds: 60 });
  expect(ran.text).toContain("built\n/work /work matrix\n");
  expect(ran.text).toMatch(/HOME LANG PATH PWD TERM/);
  expect(ran).toMatchObject({ state: "exited", exitCode: 0 });
  expect(existsSync(join(work, "out", "x"))).toBe(true);
});
