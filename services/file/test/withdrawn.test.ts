import fs from "node:fs";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { withdrawMessageRequest } from "@matrix-os/contracts/file/withdraw-message.request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { finishTurn } from "../src/on-request/finish-turn.ts";
import { storeMessage } from "../src/on-request/store-message.ts";
import { withdrawMessage } from "../src/on-request/withdraw-message.ts";
import { type TestHome, errorOf, openTestHome, toCode } from "./parts/test-home.ts";
import { turnRequests, usage } from "./parts/turn-requests.ts";

let test: TestHome;
const { keys, store, openTurn, open } = turnRequests(() => test);
const withdraw = async (key: string) => (await test.ask(withdrawMessageRequest, withdrawMessage, { key })).withdrawn;
const storeAs = (key: string, mode: string) => {
  const replyTo = { channel: "web", account: "owner", chat: "s_1" };
  const message = { text: key, sender: "owner", replyTo, mode };
  return test.ask(storeMessageRequest, storeMessage, { key, session: "s_1", message });
};

beforeEach(async () => {
  test = await openTestHome();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

describe("a message that could not be accepted", () => {
  it("leaves nothing behind, has no turn, and may come again as a new one", async () => {
    const first = await store("k1");
    expect(await withdraw("k1")).toBe(true);
    expect(await keys()).toEqual([]);
    expect(fs.readdirSync(test.at("system/open"))).toEqual([]);
    expect(fs.readdirSync(test.at("system/sessions"))).toEqual([]);
    expect(await withdraw("k1")).toBe(false);
    await store("k2");
    expect(await errorOf(openTurn("k1"))).toMatchObject({ code: "not-found", field: "turn" });
    await test.restart();
    expect(await keys()).toEqual(["k2"]);
    expect(await store("k1")).toMatchObject({ duplicate: false });
    expect(first.duplicate).toBe(false);
  });

  it("stays when its turn has begun, or a redelivery was told that it is kept", async () => {
    await store("k1");
    await openTurn("k1");
    await store("k2");
    await store("k2");
    expect([await withdraw("k1"), await withdraw("k2"), await withdraw("k3")]).toEqual([false, false, false]);
    expect(await keys()).toEqual(["k1", "k2"]);
  });

  it("stays when it may have joined another turn", async () => {
    await store("k1");
    await storeAs("k2", "steer");
    expect(await withdraw("k2")).toBe(false);
  });
});

describe("a message that joined a turn", () => {
  it("ends with it, also when a crash brings its marker back, and is known when it comes again", async () => {
    await store("k1");
    await storeAs("k2", "steer");
    const { epoch, length } = await openTurn("k1");
    const marker = fs.readFileSync(test.at("system/open/k2"));
    await test.ask(finishTurnRequest, finishTurn, {
      session: "s_1",
      turn: "k1",
      epoch,
      after: length,
      records: [{ kind: "end", status: "done", text: "hi", usage }],
      transcript: ["k1", "k2"].map((key) => ({
        id: `${key}.user`,
        turn: "k1",
        arrival: 1,
        role: "user",
        text: key,
        at: new Date().toISOString(),
      })),
      joined: ["k2"],
      outbox: [],
      usage,
      model: "m",
    });
    expect(await keys()).toEqual([]);
    await test.stop();
    fs.writeFileSync(test.at("system/open/k2"), marker);
    await test.start();
    expect(await keys()).toEqual(["k2"]);
    expect(toCode(await errorOf(openTurn("k2")))).toBe("not-found");
    expect(await keys()).toEqual([]);
    expect(await storeAs("k2", "steer")).toMatchObject({ duplicate: true });
    expect(await keys()).toEqual([]);
  });
});

it("a message that interrupts stops all before it, also after a restart, until it is withdrawn", async () => {
  await store("k1");
  await store("k2");
  expect((await storeAs("k3", "interrupt")).interrupted).toEqual(["k1", "k2"]);
  await store("k4");
  await test.restart();
  const stops = async () => (await open()).open.map(({ stopRequested }) => stopRequested);
  expect(await stops()).toEqual([true, true, false, false]);
  expect(await openTurn("k1")).toMatchObject({ stopRequested: true });
  expect(await withdraw("k3")).toBe(true);
  expect(await stops()).toEqual([false, false, false]);
});

it("100 messages of a session may wait, however they come; another session is not held up", async () => {
  const settled = await Promise.allSettled(Array.from({ length: 130 }, (_, n) => store(`k${n}`)));
  const refused = settled.filter((each) => each.status === "rejected");
  expect(refused).toHaveLength(29);
  expect(refused[0]?.reason).toMatchObject({ kind: "rejected", code: "busy", field: "session" });
  expect(await store("other", "s_2")).toMatchObject({ duplicate: false });
  expect(await store(`k0`)).toMatchObject({ duplicate: true });
});
