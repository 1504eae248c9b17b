import fs from "node:fs";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { requestStopRequest } from "@matrix-os/contracts/file/request-stop.request";
import { finishTurn } from "../src/on-request/finish-turn.ts";
import { readTranscript } from "../src/on-request/read-transcript.ts";
import { requestStop } from "../src/on-request/request-stop.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestHome, errorOf, openTestHome } from "./parts/test-home.ts";
import { note, turnRequests, usage } from "./parts/turn-requests.ts";

let test: TestHome;
beforeEach(async () => {
  test = await openTestHome();
});
afterEach(() => test[Symbol.asyncDispose]());

const today = new Date().toISOString().slice(0, 10);
const { store, openTurn, append, finish, keys, open, session } = turnRequests(() => test);
const journal = (turn: string) => test.at(`system/sessions/s_1/turns/${turn}.jsonl`);

describe("store-message", () => {
  it("keeps a message as a file with a marker, once, numbered by arrival", async () => {
    const first = await store("k1");
    expect(first).toMatchObject({ session: "s_1", duplicate: false });
    expect(await store("k1", "s_2")).toEqual({ ...first, duplicate: true });
    expect((await store("k2")).arrival).toBe(first.arrival + 1);
    const kept = fs.readFileSync(test.at(`system/inbox/${today}/k1.json`), "utf8");
    expect(JSON.parse(kept)).toMatchObject({ key: "k1", arrival: first.arrival, text: "hello\nthere" });
    expect(fs.readFileSync(test.at("system/open/k1"), "utf8")).toBe(kept);
    expect(fs.readdirSync(test.at(".matrix/tmp"))).toEqual([]);
    expect(await session()).toMatchObject({
      title: "hello",
      channel: "web",
      messageCount: 0,
      open: [{ turn: "k1" }, { turn: "k2" }],
    });
  });

  it("answers copies that come at the same time alike", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => store("k1")));
    expect(new Set(all.map(({ arrival }) => arrival)).size).toBe(1);
    expect(all.filter(({ duplicate }) => !duplicate).length).toBe(1);
  });

  it("never gives a number twice and knows its keys after a restart", async () => {
    const before = await Promise.all(Array.from({ length: 30 }, (_, at) => store(`k${at}`)));
    await test.restart();
    expect(await store("k3")).toMatchObject({ duplicate: true, arrival: before[3]?.arrival });
    const next = await store("new");
    expect(next.arrival).toBeGreaterThan(Math.max(...before.map(({ arrival }) => arrival)));
    await test.stop();
    fs.rmSync(test.at("system/inbox/arrivals.json"));
    await test.start();
    expect((await store("newer")).arrival).toBeGreaterThan(next.arrival);
  });

  it("opens a message again whose marker a crash has lost, when it is delivered again", async () => {
    const { arrival } = await store("k1");
    await test.stop();
    fs.rmSync(test.at("system/open/k1"));
    await test.start();
    expect(await store("k1")).toMatchObject({ arrival, duplicate: true });
    expect(await session()).toMatchObject({ open: [{ turn: "k1" }] });
    expect(fs.existsSync(test.at("system/open/k1"))).toBe(true);
  });

  it("shortens a long first line to a title", async () => {
    await store("k1", "s_1", "😀".repeat(100));
    expect([...((await session())?.title ?? "")].length).toBe(60);
  });
});

describe("open turns", () => {
  it("are listed by arrival, by session, and as heads", async () => {
    await store("a1", "s_1");
    await store("b1", "s_2");
    const { arrival } = await store("a2", "s_1");
    expect(await keys()).toEqual(["a1", "b1", "a2"]);
    expect(await keys({ session: "s_1" })).toEqual(["a1", "a2"]);
    expect(await keys({ heads: true })).toEqual(["a1", "b1"]);
    expect(await keys({ afterArrival: arrival - 1 })).toEqual(["a2"]);
    expect(await open({ limit: 1 })).toMatchObject({ more: true });
    await test.restart();
    expect(await keys()).toEqual(["a1", "b1", "a2"]);
  });

  it("fit a reply even when texts are long", async () => {
    for (let at = 0; at < 10; at += 1) await store(`k${at}`, "s_1", "x".repeat(32_000));
    const page = await open();
    expect(page.more).toBe(true);
    expect(JSON.stringify(page).length).toBeLessThan(256_000);
  });

  it("are marked as to be stopped for good", async () => {
    await store("k1");
    await store("k2");
    await store("other", "s_2");
    expect(await test.ask(requestStopRequest, requestStop, { session: "s_1" })).toEqual({ turns: ["k1", "k2"] });
    expect(await test.ask(requestStopRequest, requestStop, { session: "none" })).toEqual({ turns: [] });
    await test.restart();
    expect((await open()).open.map(({ stopRequested }) => stopRequested)).toEqual([true, true, false]);
    expect(await openTurn("k1")).toMatchObject({ stopRequested: true });
    await finish("k1", { epoch: 1, after: 1 });
    expect(fs.readdirSync(test.at("system/open")).toSorted()).toEqual(["k2", "k2.stop", "other"]);
  });

  it("leave out a torn marker, which nobody was promised", async () => {
    await store("k1");
    await store("k2");
    await test.stop();
    fs.writeFileSync(test.at("system/open/k1"), "");
    await test.start();
    expect(await keys()).toEqual(["k2"]);
    expect(await store("k1")).toMatchObject({ duplicate: false });
  });
});

describe("finish-turn", () => {
  beforeEach(async () => {
    await store("t");
    await openTurn("t");
  });

  it("ends the turn, keeps the answer, and adds the usage once", async () => {
    const outbox = [{ to: { channel: "telegram", account: "a", chat: "1" }, n: 1, text: "hi" }];
    const first = await finish("t", { epoch: 1, after: 1, outbox });
    expect(first.length).toBe(2);
    expect(await keys()).toEqual([]);
    expect(await finish("t", { epoch: 1, after: 1, outbox })).toEqual(first);
    expect(await session()).toMatchObject({ lastStatus: "done", messageCount: 2, model: "m", usage, open: [] });
    expect(JSON.parse(fs.readFileSync(test.at("system/outbox/telegram/t.1.json"), "utf8"))).toMatchObject({
      turn: "t",
      session: "s_1",
      n: 1,
      text: "hi",
    });
    const page = await test.ask(readTranscriptRequest, readTranscript, { session: "s_1" });
    expect(page).toMatchObject({
      total: 2,
      from: 0,
      entries: [{ id: "t.user", exchange: [{ role: "user" }] }, { id: "t.assistant" }],
    });
    await test.restart();
    expect(await session()).toMatchObject({ lastStatus: "done", messageCount: 2, usage });
    expect(await openTurn("t", "w2")).toMatchObject({ ended: true });
  });

  it("does nothing twice when it is repeated after a crash between any two steps", async () => {
    await finish("t", { epoch: 1, after: 1 });
    const transcript = fs.readFileSync(test.at("system/sessions/s_1/transcript.jsonl"));
    const whole = fs.readFileSync(journal("t"), "utf8");
    const marker = fs.readFileSync(test.at(`system/inbox/${today}/t.json`));
    for (const crash of ["after the transcript", "after the journal", "in the middle of the transcript"]) {
      await test.stop();
      fs.writeFileSync(test.at("system/open/t"), marker);
      if (crash !== "after the journal") fs.writeFileSync(journal("t"), `${whole.split("\n")[0]}\n`);
      if (crash === "in the middle of the transcript")
        fs.writeFileSync(
          test.at("system/sessions/s_1/transcript.jsonl"),
          transcript.subarray(0, transcript.length - 20),
        );
      await test.start();
      const { epoch, length } = await openTurn("t", "again");
      await finish("t", { epoch, after: length });
      expect(await keys()).toEqual([]);
      const ids = (await test.ask(readTranscriptRequest, readTranscript, { session: "s_1" })).entries.map(
        ({ id }) => id,
      );
      expect([crash, ids]).toEqual([crash, ["t.user", "t.assistant"]]);
      expect(await session()).toMatchObject({ usage, messageCount: 2 });
    }
  });

  it("adds nothing when its answer was lost and it is repeated after the next turn has ended", async () => {
    await finish("t", { epoch: 1, after: 1 });
    await store("later");
    await openTurn("later");
    await finish("later", { epoch: 1, after: 1 });
    const before = await session();
    await finish("t", { epoch: 1, after: 1 });
    expect(await session()).toEqual(before);
  });

  it("wants an end", async () => {
    const wrong = test.ask(finishTurnRequest, finishTurn, {
      session: "s_1",
      turn: "t",
      epoch: 1,
      after: 1,
      records: [note(1)],
      transcript: [],
      outbox: [],
      usage,
      model: "",
    });
    expect((await errorOf(wrong)).field).toBe("records");
    await finish("t", { epoch: 1, after: 1 });
    expect((await errorOf(append("t", { epoch: 1, after: 2 }))).code).toBe("conflict");
  });
});
