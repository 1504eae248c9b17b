import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { expect, test } from "vitest";
import { findPort } from "./free-port.ts";
import { openLogFile } from "./log-file.ts";
import { openStateFolder, readOrMakeSecret } from "./state-folder.ts";

test("a log that is full moves on to the next file, keeps four, and starts empty", () => {
  using folder = tempFolder("log");
  const path = join(folder.path, "core.log");
  writeFileSync(`${path}.1`, "older");
  writeFileSync(path, Buffer.alloc(10_485_761));
  {
    using log = openLogFile(path);
    log.write(Buffer.from("new line\n"));
  }
  expect(readFileSync(path, "utf8")).toBe("new line\n");
  expect(statSync(`${path}.1`).size).toBe(10_485_761);
  expect(readFileSync(`${path}.2`, "utf8")).toBe("older");
});

test("a log that can't be written loses its lines and nothing else", () => {
  using folder = tempFolder("log");
  const log = openLogFile(join(folder.path, "core.log"));
  log[Symbol.dispose]();
  expect(() => log.write(Buffer.from("lost"))).not.toThrow();
});

test("a state directory is private, held by one, and free again afterwards", () => {
  using folder = tempFolder("state");
  const path = join(folder.path, "state");
  {
    using state = openStateFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(path, "running.pid"), "utf8")).toBe(String(process.pid));
    state.noteBroker(1);
  }
  expect(existsSync(join(path, "running.pid"))).toBe(false);
  expect(existsSync(join(path, "broker.pid"))).toBe(false);
});

test("the lock of a process that is gone, or of another program, holds nobody up; that of a running start does", async () => {
  using folder = tempFolder("state");
  const lock = join(folder.path, "running.pid");
  for (const stale of ["999999999", "nonsense", String(process.ppid)]) {
    writeFileSync(lock, stale);
    openStateFolder(folder.path)[Symbol.dispose]();
  }
  const script = join(folder.path, "start.ts");
  writeFileSync(script, "setInterval(() => undefined, 1_000); process.stdout.write('up');");
  const other = spawn(process.execPath, [script]);
  await once(other.stdout, "data");
  writeFileSync(lock, String(other.pid));
  expect(() => openStateFolder(folder.path)).toThrow(`process ${other.pid}`);
  other.kill("SIGKILL");
});

test("a broker whose supervisor was killed is ended", async () => {
  using folder = tempFolder("state");
  const orphan = spawn(process.execPath, [
    "-e",
    "process.stdout.write('up'); setInterval(() => {}, 1000)",
    folder.path,
  ]);
  await once(orphan.stdout, "data");
  const ended = once(orphan, "exit");
  writeFileSync(join(folder.path, "broker.pid"), String(orphan.pid));
  openStateFolder(folder.path)[Symbol.dispose]();
  expect(await ended).toEqual([null, "SIGKILL"]);
});

test("a secret is made once, for its owner's eyes", () => {
  using folder = tempFolder("state");
  const path = join(folder.path, "bus.secret");
  const secret = readOrMakeSecret(path);
  expect(secret).toHaveLength(43);
  expect(readOrMakeSecret(path)).toBe(secret);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a port that is taken or needs rights is told in a sentence; any port is one below those of outgoing connections", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const taken = typeof address === "object" ? (address?.port ?? 0) : 0;
  await expect(findPort(taken, "127.0.0.1")).rejects.toThrow(/is taken: is Matrix OS running already/);
  server.close();
  await expect(findPort(4_400, "203.0.113.1")).rejects.toThrow(/can't listen on 203\.0\.113\.1:4400/);
  const port = await findPort(0, "127.0.0.1");
  expect(port).toBeGreaterThanOrEqual(12_000);
  expect(port).toBeLessThan(32_768);
});
