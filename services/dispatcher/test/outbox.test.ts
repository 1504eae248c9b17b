import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { toDeliverRequest } from "@matrix-os/contracts/channel/deliver";
import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import { takeLeadRequest } from "@matrix-os/contracts/file/take-lead.request";
import { eventually } from "@matrix-os/testkit/eventually";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accept, finish } from "./parts/play-kernel.ts";
import { type DispatcherProcess, type Stage, startStage, untilLeads } from "./parts/stage.ts";

const deliver = toDeliverRequest("telegram");
let stage: Stage;
let dispatcher: DispatcherProcess;

beforeAll(async () => {
  stage = await startStage();
  dispatcher = stage.startDispatcher();
  await untilLeads(dispatcher);
});

afterAll(async () => {
  await dispatcher[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const readOutbox = () => readdirSync(join(stage.home, "system", "outbox", "telegram")).toSorted();

async function answerTurn(chat: string, nativeId: string, texts: string[]) {
  const turn = await accept(stage.bus, { chat, nativeId });
  await finish(stage.bus, turn, { chat, texts });
  return turn;
}

test("parts go out in order with the channel's retries, and what the platform calls them is kept", async () => {
  const seen: string[] = [];
  let refusals = 2;
  await using _telegram = await stage.answer(deliver, ({ text, key }) => {
    if (text === "two" && (refusals -= 1) >= 0) throw unavailable("busy", "slow down", { retryAfterMs: 10 });
    seen.push(text);
    return { nativeId: `native ${key}` };
  });
  const first = await answerTurn("a", "first", ["one", "two", "three"]);
  const second = await answerTurn("a", "second", ["four"]);
  await eventually(() => seen.length === 4);
  expect(seen).toEqual(["one", "two", "three", "four"]);
  const settled = [1, 2, 3].map((n) => `${first.key}.${n}.sent.json`).concat(`${second.key}.1.sent.json`);
  await eventually(() => JSON.stringify(readOutbox()) === JSON.stringify(settled.toSorted()));
  const kept: unknown = JSON.parse(
    readFileSync(join(stage.home, "system", "outbox", "telegram", `${first.key}.2.sent.json`), "utf8"),
  );
  expect(kept).toMatchObject({ text: "two", outcome: { kind: "sent", nativeId: `native ${first.key}.2` } });
});

test("a conversation that must wait holds no other one up, and a channel that is away loses nothing", async () => {
  await answerTurn("away", "before the channel is there", ["late"]);
  await eventually(() => dispatcher.said().includes("no-responder"));
  const seen: string[] = [];
  const slow = Promise.withResolvers<void>();
  await using _telegram = await stage.answer(deliver, async ({ text, to }) => {
    if (to.chat === "slow") await slow.promise;
    seen.push(text);
    return { nativeId: "n" };
  });
  await answerTurn("slow", "s", ["held"]);
  await answerTurn("fast", "f", ["free"]);
  await eventually(() => seen.includes("free") && seen.includes("late"));
  expect(seen).not.toContain("held");
  slow.resolve();
  await eventually(() => seen.includes("held"));
});

test("what can never be delivered is a dead letter that the owner is told of, and holds nothing up", async () => {
  const seen: string[] = [];
  const told = Promise.withResolvers<unknown>();
  stage.bus.connection.nats.subscribe("mx.dispatcher.event.reply-undelivered.*", {
    callback: (_error, message) => told.resolve(message.json()),
  });
  await using _telegram = await stage.answer(deliver, ({ text }) => {
    if (text === "to nobody") throw rejected("not-found", "the chat is gone");
    seen.push(text);
    return { nativeId: "n" };
  });
  const lost = await answerTurn("b", "lost", ["to nobody"]);
  await answerTurn("b", "next", ["to somebody"]);
  await eventually(() => seen.includes("to somebody"));
  expect(readOutbox()).toContain(`${lost.key}.1.dead.json`);
  expect(await told.promise).toMatchObject({ session: lost.session, turn: lost.key, error: { code: "not-found" } });
  const { lines } = await stage.bus.request(readActivityRequest, readActivityRequest.request.parse({}));
  expect(lines).toContainEqual(expect.objectContaining({ kind: "problem", turn: lost.key }));
});

test("a dispatcher that was killed leaves the next one to send what is left", async () => {
  await answerTurn("c", "killed", ["survives"]);
  dispatcher.signal("SIGKILL");
  await dispatcher[Symbol.asyncDispose]();
  const seen: string[] = [];
  await using _telegram = await stage.answer(deliver, ({ text }) => {
    seen.push(text);
    return { nativeId: "n" };
  });
  // The one before never gave its lease back.
  dispatcher = stage.startDispatcher();
  await eventually(() => seen.includes("survives"), { withinMs: 30_000 });
  const { epoch } = await stage.bus.request(takeLeadRequest, { role: "another", owner: "test" });
  expect(epoch).toBe(1);
});
