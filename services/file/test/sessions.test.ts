import fs from "node:fs";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { listSessions } from "../src/on-request/list-sessions.ts";
import { readActivity } from "../src/on-request/read-activity.ts";
import { readTranscript } from "../src/on-request/read-transcript.ts";
import { recordActivity } from "../src/on-request/record-activity.ts";
import { recordUsage } from "../src/on-request/record-usage.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";
import { turnRequests, usage } from "./parts/turn-requests.ts";

let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
});
afterEach(() => test[Symbol.asyncDispose]());

const today = new Date().toISOString().slice(0, 10);
const { store, openTurn, finish, session } = turnRequests(() => test);

describe("transcripts and sessions", () => {
  it("pages from the front and from the end, brief without the model's form", async () => {
    for (let at = 0; at < 5; at += 1) {
      await store(`t${at}`);
      await openTurn(`t${at}`);
      await finish(`t${at}`, { epoch: 1, after: 1 });
    }
    const ask = (wish: object) => test.ask(readTranscriptRequest, readTranscript, { session: "s_1", ...wish });
    expect(await ask({ from: -3, brief: true })).toMatchObject({
      from: 7,
      total: 10,
      entries: [{ id: "t3.assistant" }, { id: "t4.user" }, { id: "t4.assistant" }],
    });
    expect((await ask({ from: -3, brief: true })).entries[0]).not.toHaveProperty("exchange");
    expect(await ask({ from: -99 })).toMatchObject({ from: 0 });
    expect(await ask({ from: 99 })).toEqual({ entries: [], from: 10, total: 10 });
    expect((await errorOf(test.ask(readTranscriptRequest, readTranscript, { session: "none" }))).code).toBe(
      "not-found",
    );
  });

  it("lists sessions by last change and mends a damaged session file", async () => {
    await store("a", "s_1");
    await store("b", "s_2");
    await store("c", "s_3");
    await openTurn("a");
    await finish("a", { epoch: 1, after: 1 });
    const ids = async (wish: object = {}) =>
      (await test.ask(listSessionsRequest, listSessions, wish)).sessions.map(({ id }) => id);
    expect(await ids()).toEqual(["s_1", "s_3", "s_2"]);
    expect(await test.ask(listSessionsRequest, listSessions, { limit: 2 })).toMatchObject({ more: true });
    expect(await ids({ before: "2020-01-01T00:00:00Z" })).toEqual([]);
    await test.stop();
    fs.writeFileSync(test.at("system/sessions/s_1/session.json"), "{");
    fs.rmSync(test.at("system/sessions/s_2"), { recursive: true });
    fs.mkdirSync(test.at("system/sessions/nothing"));
    await test.start();
    expect((await ids()).toSorted()).toEqual(["s_1", "s_2", "s_3"]);
    expect(await session()).toMatchObject({ title: "user says", messageCount: 2 });
    expect((await errorOf(test.ask(listSessionsRequest, listSessions, { session: "none" }))).code).toBe("not-found");
  });

  it("mends what a power cut left of a session file, and counts the last turn once", async () => {
    await store("t");
    await openTurn("t");
    await finish("t", { epoch: 1, after: 1 });
    const transcript = test.at("system/sessions/s_1/transcript.jsonl");
    const [question = "", answer = ""] = fs.readFileSync(transcript, "utf8").split("\n");
    const marker = fs.readFileSync(test.at(`system/inbox/${today}/t.json`));
    await test.stop();
    fs.writeFileSync(transcript, `${question}\n${JSON.stringify({ ...JSON.parse(answer), usage })}\n`);
    fs.writeFileSync(test.at("system/open/t"), marker);
    fs.writeFileSync(test.at("system/sessions/s_1/session.json"), "");
    fs.mkdirSync(test.at("system/sessions/never"));
    fs.writeFileSync(test.at("system/sessions/never/session.json"), "");
    await test.start();
    await test.deps.sessions.loaded;
    expect(JSON.parse(fs.readFileSync(test.at("system/sessions/s_1/session.json"), "utf8"))).toMatchObject({ usage });
    expect(fs.existsSync(test.at("system/sessions/never/session.json"))).toBe(false);
    const { epoch, length } = await openTurn("t", "again");
    await finish("t", { epoch, after: length });
    expect(await session()).toMatchObject({ usage, open: [] });
  });

  it("enter the history in quiet times without being a change", async () => {
    await store("t");
    await openTurn("t");
    await finish("t", { epoch: 1, after: 1 });
    await test.deps.quiet.now();
    const tip = test.deps.repository.tip ?? "";
    expect([...(await test.deps.repository.list(tip, "system/sessions")).keys()].toSorted()).toEqual([
      "system/sessions/s_1/session.json",
      "system/sessions/s_1/transcript.jsonl",
    ]);
    expect(test.deps.recorder.log.newest).toBe(0);
  });
});

describe("activity and usage", () => {
  it("chains what was recorded and notices a changed line", async () => {
    const record = (summary: string) =>
      test.ask(recordActivityRequest, recordActivity, {
        activity: { at: new Date().toISOString(), service: "kernel", kind: "turn", summary },
      });
    await test.put("a", "1");
    const { line } = await record("one");
    expect(await record("two")).toEqual({ line: line + 1 });
    await test.restart();
    await record("three");
    const read = () => test.ask(readActivityRequest, readActivity, {});
    const before = await read();
    expect(before.verified).toBe(true);
    expect(before.lines.map(({ summary }) => summary)).toEqual(["owner changed a", "one", "two", "three"]);
    const file = test.at(`system/activity/${today}.jsonl`);
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("two", "2wo"));
    expect((await read()).verified).toBe(false);
  });

  it("sums a day's usage over restarts", async () => {
    const add = (more: object) =>
      test.ask(recordUsageRequest, recordUsage, { day: "2026-11-24", usage: { ...noUsage, ...more } });
    await add({ inputTokens: 5, costUsd: 1 });
    await add({ inputTokens: 5, costUsd: 0.5 });
    await test.restart();
    expect((await add({})).total).toMatchObject({ inputTokens: 10, costUsd: 1.5 });
  });
});
