import fs from "node:fs";
import { join } from "node:path";
import type { JournalLine } from "@matrix-os/contracts/turn/record";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { storeSummaryRequest } from "@matrix-os/contracts/file/store-summary.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { exampleSummary } from "@matrix-os/contracts/turn/examples";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readLog } from "../src/on-request/read-log.ts";
import { readTranscript } from "../src/on-request/read-transcript.ts";
import { storeSummary } from "../src/on-request/store-summary.ts";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";
import { note, turnRequests } from "./parts/turn-requests.ts";

let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
  await store("t");
  await openTurn("t");
});
afterEach(() => test[Symbol.asyncDispose]());

const { store, openTurn, append, finish } = turnRequests(() => test);
const journal = () => fs.readFileSync(test.at("system/sessions/s_1/turns/t.jsonl"), "utf8");
const blobs = () => test.at("system/sessions/s_1/turns/blobs");
const result = (text: string, call = "c1") => ({ kind: "tool.result", call, text, isError: false });
const large = `begin ${"ü\n".repeat(20_000)} end`;

async function readAll(): Promise<JournalLine[]> {
  const lines: JournalLine[] = [];
  for (let more = true; more;) {
    const page = await test.ask(readLogRequest, readLog, { session: "s_1", turn: "t", from: lines.length + 1 });
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(220_000);
    lines.push(...page.lines);
    more = page.more;
  }
  return lines;
}

describe("a tool's output of more than 16 KiB", () => {
  it("stands in a file of its own, and is read back whole, also after a restart", async () => {
    await append("t", { epoch: 1, after: 1, records: [result(large), result("small", "c2")] });
    expect(journal().length).toBeLessThan(5_000);
    expect(journal()).toMatch(
      /"text":"begin .* end","isError":false,"blob":\{"hash":"[0-9a-f]{64}","sizeBytes":60010\}/,
    );
    expect(fs.readdirSync(blobs())).toHaveLength(1);
    await test.restart();
    expect((await readAll()).slice(1).map(({ record }) => record)).toEqual([result(large), result("small", "c2")]);
    expect((await openTurn("t", "w2")).lines[1]?.record).toEqual(result(large));
  });

  it("is kept once however often it comes, and a repeated append answers as the first", async () => {
    const records = [result(large), result(large, "c2")];
    const first = await append("t", { epoch: 1, after: 1, records });
    expect(await append("t", { epoch: 1, after: 1, records })).toEqual(first);
    expect(fs.readdirSync(blobs())).toHaveLength(1);
    expect((await errorOf(append("t", { epoch: 1, after: 1, records: [result(`${large}!`)] }))).code).toBe("conflict");
  });

  it("comes in pages that fit a message, in order", async () => {
    for (let at = 0; at < 8; at += 1)
      await append("t", { epoch: 1, after: 1 + at, records: [result(`${at}${"x".repeat(90_000)}`, `c${at}`)] });
    const texts = (await readAll()).flatMap(({ record }) => (record.kind === "tool.result" ? [record.text[0]] : []));
    expect(texts.join("")).toBe("01234567");
  });

  it.each([
    ["lost", (path: string) => fs.rmSync(path)],
    ["changed", (path: string) => fs.writeFileSync(path, "other")],
  ])("whose file is %s keeps its beginning and end, and says so", async (_what, harm) => {
    await append("t", { epoch: 1, after: 1, records: [result(large)] });
    for (const name of fs.readdirSync(blobs())) harm(join(blobs(), name));
    const [line] = (await readAll()).slice(1);
    expect(line?.record).toMatchObject({
      text: expect.stringMatching(/^begin [\s\S]* end\n\[the middle of these 60010 bytes is lost\]$/),
    });
  });

  it("of a worker that has been replaced, or of nobody, is not kept", async () => {
    await openTurn("t", "w2");
    expect((await errorOf(append("t", { epoch: 1, after: 2, records: [result(large)] }))).code).toBe("stale-epoch");
    expect((await errorOf(append("none", { epoch: 1, after: 1, records: [result(large)] }))).code).toBe("not-found");
    expect(fs.existsSync(blobs())).toBe(false);
  });

  it("of a worker that is replaced while it is being written is refused", async () => {
    const late = errorOf(append("t", { epoch: 1, after: 1, records: [result(large)] }));
    await openTurn("t", "w2");
    expect((await late).code).toBe("stale-epoch");
    expect(await append("t", { epoch: 2, after: 2, records: [note(1)] })).toMatchObject({ length: 3 });
  });
});

describe("a session's summary", () => {
  const ask = (more: object) => test.ask(readTranscriptRequest, readTranscript, { session: "s_1", from: 0, ...more });

  it("stands before the entries that it does not cover, for who asks for it, and in place of a broken one there is none", async () => {
    await finish("t", { epoch: 1, after: 1 });
    expect(await ask({ afterSummary: true })).toMatchObject({ total: 2, entries: [{}, {}] });
    const summary = { ...exampleSummary, entries: 1 };
    await test.ask(storeSummaryRequest, storeSummary, { session: "s_1", summary });
    await test.restart();
    expect(await ask({ afterSummary: true })).toEqual({ entries: [], from: 1, total: 2, summary });
    expect(await ask({})).toMatchObject({ entries: [{}, {}] });
    fs.writeFileSync(test.at("system/sessions/s_1/summary.json"), "{");
    expect(await ask({ afterSummary: true })).toMatchObject({ entries: [{}, {}] });
    const lost = errorOf(test.ask(storeSummaryRequest, storeSummary, { session: "s_9", summary }));
    expect((await lost).code).toBe("not-found");
  });
});
