import fs from "node:fs";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { openLog } from "../src/on-request/open-log.ts";
import { readActivity } from "../src/on-request/read-activity.ts";
import { readLog } from "../src/on-request/read-log.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";
import { note, turnRequests } from "./parts/turn-requests.ts";

let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
});
afterEach(() => test[Symbol.asyncDispose]());

const { store, openTurn, append, finish } = turnRequests(() => test);
const journal = (turn: string) => test.at(`system/sessions/s_1/turns/${turn}.jsonl`);

describe("journals", () => {
  beforeEach(() => store("t"));

  it("are chained, numbered and read back", async () => {
    expect(await openTurn("t")).toMatchObject({
      epoch: 1,
      length: 1,
      ended: false,
      stopRequested: false,
      more: false,
      lines: [{ n: 1, prev: "", record: { kind: "fence", epoch: 1, owner: "w1" } }],
    });
    expect(await append("t", { epoch: 1, after: 1, records: [note(1), note(2)] })).toMatchObject({ length: 3 });
    const { lines } = await test.ask(readLogRequest, readLog, { session: "s_1", turn: "t", from: 2 });
    expect(lines.map(({ n, prev }) => [n, prev.length])).toEqual([
      [2, 16],
      [3, 16],
    ]);
    expect(await test.ask(readLogRequest, readLog, { session: "s_1", turn: "t", from: 9 })).toEqual({
      lines: [],
      more: false,
    });
    expect((await errorOf(test.ask(readLogRequest, readLog, { session: "s_1", turn: "none" }))).code).toBe("not-found");
    expect((await errorOf(test.ask(openLogRequest, openLog, { session: "none", turn: "t", owner: "w" }))).code).toBe(
      "not-found",
    );
  });

  it("refuse a worker that has been replaced", async () => {
    await openTurn("t", "w1");
    await append("t", { epoch: 1, after: 1 });
    expect(await openTurn("t", "w2")).toMatchObject({ epoch: 2, length: 3 });
    expect((await errorOf(append("t", { epoch: 1, after: 2 }))).code).toBe("stale-epoch");
    expect((await errorOf(finish("t", { epoch: 1, after: 2 }))).code).toBe("stale-epoch");
    expect(fs.existsSync(test.at("system/sessions/s_1/transcript.jsonl"))).toBe(false);
    await test.restart();
    expect((await errorOf(append("t", { epoch: 1, after: 3 }))).code).toBe("stale-epoch");
    expect(await append("t", { epoch: 2, after: 3 })).toMatchObject({ length: 4 });
  });

  it("answer a repeated append as the first, and refuse a wrong place", async () => {
    await openTurn("t");
    const first = await append("t", { epoch: 1, after: 1, records: [note(1), note(2)] });
    expect(await append("t", { epoch: 1, after: 1, records: [note(1), note(2)] })).toEqual(first);
    expect((await errorOf(append("t", { epoch: 1, after: 1, records: [note(3)] }))).code).toBe("conflict");
    expect((await errorOf(append("t", { epoch: 1, after: 9 }))).code).toBe("conflict");
  });

  it("lose only a torn last line", async () => {
    await openTurn("t");
    await append("t", { epoch: 1, after: 1, records: [note(1), note(2)] });
    await test.stop();
    fs.truncateSync(journal("t"), fs.statSync(journal("t")).size - 5);
    await test.start();
    expect(await openTurn("t", "w2")).toMatchObject({
      epoch: 2,
      length: 3,
      lines: [{ n: 1 }, { n: 2, record: { step: 1 } }, { n: 3, record: { kind: "fence" } }],
    });
    expect((await append("t", { epoch: 2, after: 3 })).length).toBe(4);
  });

  it("go on from the last good line when one in the middle is damaged, and keep the damaged file", async () => {
    await openTurn("t");
    for (let step = 1; step <= 4; step += 1) await append("t", { epoch: 1, after: step, records: [note(step)] });
    await test.stop();
    const lines = fs.readFileSync(journal("t"), "utf8").split("\n");
    fs.writeFileSync(
      journal("t"),
      [...lines.slice(0, 2), lines[2]?.replace('"step":2', '"step":7'), ...lines.slice(3)].join("\n"),
    );
    await test.start();
    expect((await openTurn("t", "w2")).lines.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(fs.readdirSync(test.at("system/sessions/s_1/turns")).filter((name) => name.includes("damaged")).length).toBe(
      1,
    );
    const { lines: log } = await test.ask(readActivityRequest, readActivity, {});
    expect(log.some(({ kind, summary }) => kind === "problem" && summary.includes("damaged journal"))).toBe(true);
  });

  it("come in pages of about 200 KB", async () => {
    await openTurn("t");
    for (let at = 0; at < 10; at += 1)
      await append("t", {
        epoch: 1,
        after: 1 + at,
        records: [{ kind: "tool.result", call: `c${at}`, text: "x".repeat(60_000), isError: false }],
      });
    const lines: number[] = [];
    for (let from = 1, more = true; more;) {
      const page = await test.ask(readLogRequest, readLog, { session: "s_1", turn: "t", from });
      expect(JSON.stringify(page).length).toBeLessThan(256_000);
      lines.push(...page.lines.map(({ n }) => n));
      from = lines.length + 1;
      more = page.more;
    }
    expect(lines).toEqual(Array.from({ length: 11 }, (_, at) => at + 1));
  });

  it("take many writers and many turns at once", async () => {
    for (let at = 0; at < 100; at += 1) await store(`m${at}`);
    await Promise.all(Array.from({ length: 100 }, (_, at) => openTurn(`m${at}`)));
    const all = await Promise.all(Array.from({ length: 100 }, (_, at) => append(`m${at}`, { epoch: 1, after: 1 })));
    expect(all.every(({ length }) => length === 2)).toBe(true);
    expect(
      fs
        .readdirSync(`/proc/${process.pid}/fd`)
        .map((fd) => readLink(`/proc/${process.pid}/fd/${fd}`))
        .filter((name) => name.includes("/turns/")).length,
    ).toBeLessThanOrEqual(64);
  });
});

function readLink(path: string): string {
  try {
    return fs.readlinkSync(path);
  } catch {
    return "";
  }
}
