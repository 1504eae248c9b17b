import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { readChangesRequest } from "@matrix-os/contracts/file/read-changes.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { expect, it } from "vitest";
import { listOpen } from "../src/on-request/list-open.ts";
import { readChanges } from "../src/on-request/read-changes.ts";
import { readLog } from "../src/on-request/read-log.ts";
import { readTranscript } from "../src/on-request/read-transcript.ts";
import { storeMessage } from "../src/on-request/store-message.ts";
import { type TestHome, openTestHome } from "./parts/test-home.ts";

interface Promised {
  readonly kind: "message" | "journal" | "finished" | "write";
  readonly session: string;
  readonly turn: string;
  readonly arrival: number;
  readonly length: number;
  readonly seq: number;
  readonly path: string;
  readonly content: string;
}

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 5);

it(
  "keeps every promise over kills at any moment",
  async () => {
    const base = fs.mkdtempSync(path.join(os.tmpdir(), "killed-"));
    const home = path.join(base, "home");
    const promised: Promised[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      promised.push(...(await runUntilKilled({ base, home, round, promises: 40 + ((round * 37) % 90) })));
      await using test = await openTestHome({ home });
      await test.deps.settled;
      await checkTurns(test, promised);
      await checkChanges(test, promised);
      checkFiles(home);
    }
    const fsck = execFileSync(
      "git",
      ["--git-dir", path.join(home, ".matrix/history.git"), "fsck", "--connectivity-only"],
      { encoding: "utf8" },
    );
    expect(fsck.split("\n").filter((line) => line !== "" && !line.startsWith("dangling"))).toEqual([]);
    fs.rmSync(base, { recursive: true });
  },
  60_000 + ROUNDS * 15_000,
);

async function runUntilKilled(how: {
  base: string;
  home: string;
  round: number;
  promises: number;
}): Promise<Promised[]> {
  const child = spawn(
    process.execPath,
    [new URL("parts/busy-service.ts", import.meta.url).pathname, String(how.round)],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: how.base,
        MATRIX_HOME: how.home,
        MATRIX_STATE: path.join(how.base, "state"),
        MATRIX_DEVICE: "test",
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const promised: Promised[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    promised.push(JSON.parse(line) as Promised);
    if (promised.length === how.promises) kill(child);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(promised.length).toBeGreaterThanOrEqual(how.promises);
  return promised;
}

function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}

async function checkTurns(test: TestHome, promised: readonly Promised[]): Promise<void> {
  const open = await openKeys(test);
  const finished = new Set(promised.filter(({ kind }) => kind === "finished").map(({ turn }) => turn));
  const messages = promised.filter(({ kind }) => kind === "message");
  for (const { session, turn, arrival } of messages) {
    const replyTo = { channel: "web", account: "owner", chat: "c" };
    const again = { key: turn, session, message: { text: "again", sender: "owner", replyTo } };
    expect(await test.ask(storeMessageRequest, storeMessage, again)).toEqual({ session, arrival, duplicate: true });
    expect([turn, open.has(turn) && finished.has(turn)]).toEqual([turn, false]);
  }
  expect(new Set(messages.map(({ arrival }) => arrival)).size).toBe(messages.length);
  for (const { session, turn, length } of promised.filter(({ kind }) => kind === "journal")) {
    const { lines } = await test.ask(readLogRequest, readLog, { session, turn });
    expect(lines.length).toBeGreaterThanOrEqual(length);
  }
  await checkTranscripts(
    test,
    promised.filter(({ kind }) => kind === "finished"),
  );
}

async function openKeys(test: TestHome): Promise<Set<string>> {
  const open = new Set<string>();
  for (let after = 0, more = true; more;) {
    const page = await test.ask(listOpenRequest, listOpen, { afterArrival: after });
    for (const { message } of page.open) open.add(message.key);
    after = page.open.at(-1)?.message.arrival ?? after;
    more = page.more;
  }
  return open;
}

async function checkTranscripts(test: TestHome, finished: readonly Promised[]): Promise<void> {
  for (const session of ["s_1", "s_2", "s_3"]) {
    const ids: string[] = [];
    for (let total = 1; ids.length < total;) {
      const page = await test.ask(readTranscriptRequest, readTranscript, { session, from: ids.length, brief: true });
      ids.push(...page.entries.map(({ id }) => id));
      total = page.total;
    }
    expect(new Set(ids).size).toBe(ids.length);
    const mine = finished.filter((turn) => turn.session === session).map(({ turn }) => `${turn}.user`);
    expect(ids).toEqual(expect.arrayContaining(mine));
  }
}

async function checkChanges(test: TestHome, promised: readonly Promised[]): Promise<void> {
  const seqs: number[] = [];
  for (let newest = 1; seqs.length < newest;) {
    const page = await test.ask(readChangesRequest, readChanges, { after: seqs.length, limit: 200 });
    seqs.push(...page.changes.map(({ seq }) => seq));
    newest = page.newest;
  }
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => at + 1));
  const lines = new Map(test.deps.recorder.log.all().map((line) => [line.seq, line]));
  for (const write of promised.filter(({ kind }) => kind === "write")) {
    expect(lines.get(write.seq)).toMatchObject({ origin: { actor: "owner" }, paths: [{ path: write.path }] });
    const state = await test.deps.repository.state(lines.get(write.seq)?.commit, write.path);
    expect((await test.deps.repository.blob(state !== undefined && "blob" in state ? state.blob : "")).toString()).toBe(
      write.content,
    );
  }
}

function checkFiles(home: string): void {
  expect(fs.readdirSync(path.join(home, ".matrix/tmp"))).toEqual([]);
  for (const entry of fs.readdirSync(home, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && file.endsWith(".json"))
      expect(() => void JSON.parse(fs.readFileSync(file, "utf8")), file).not.toThrow();
  }
}
