import { noUsage } from "@matrix-os/contracts/turn/message";
import { describe, expect, it } from "vitest";
import { OpenTurns } from "./open-turns.ts";
import { pageOf } from "./page.ts";
import { createSessionRecord, deriveSessionRecord, parseSessionRecord, withFinishedTurn } from "./session-record.ts";

const at = "2026-11-24T12:00:00.000Z";
const replyTo = { channel: "web", account: "owner", chat: "c" };
const entryOf = (key: string, arrival: number, session = "s") => ({
  message: { key, session, arrival, at, text: "x", sender: "o", replyTo },
  size: 10,
  openedAtMs: 0,
  stopRequested: false,
});

describe("open turns", () => {
  it("stand in order of arrival, however they come", () => {
    const open = new OpenTurns();
    for (const [key, arrival] of [
      ["c", 3],
      ["a", 1],
      ["b", 2],
      ["a", 1],
    ] as const)
      open.add(entryOf(key, arrival));
    const keys = () => open.select({ heads: false, afterArrival: 0, limit: 50 }).open.map(({ message }) => message.key);
    expect(keys()).toEqual(["a", "b", "c"]);
    open.delete("b");
    open.delete("none");
    expect([keys(), open.size, [...open.sessions()]]).toEqual([["a", "c"], 2, ["s"]]);
    open.delete("a");
    open.delete("c");
    expect([...open.sessions()]).toEqual([]);
  });
});

it("a page holds at least one line", () => {
  expect(pageOf([0, 500_000, 500_010, 500_020], 0)).toEqual({ to: 1, start: 0, end: 500_000 });
  expect(pageOf([0, 500_000, 500_010, 500_020], 1)).toEqual({ to: 3, start: 500_000, end: 500_020 });
  expect(pageOf([0], 0)).toMatchObject({ to: 0, start: 0, end: 0 });
});

describe("session records", () => {
  const message = { text: "\n  hello world \nmore", replyTo };

  it("are named after the first line", () => {
    expect(createSessionRecord("s", message, at)).toMatchObject({
      title: "hello world",
      channel: "web",
      createdAt: at,
    });
    expect(parseSessionRecord(JSON.stringify(createSessionRecord("s", message, at)))).toEqual(
      createSessionRecord("s", message, at),
    );
    expect(parseSessionRecord("{}")).toBeUndefined();
  });

  it("add a turn's usage once", () => {
    const finished = {
      turn: "t",
      status: "done",
      usage: { ...noUsage, costUsd: 1 },
      model: "",
      messageCount: 2,
    } as const;
    const once = withFinishedTurn(createSessionRecord("s", message, at), finished, at);
    expect(withFinishedTurn(once, finished, at)).toEqual(once);
    expect(withFinishedTurn(once, { ...finished, turn: "u", model: "m" }, at)).toMatchObject({
      usage: { costUsd: 2 },
      model: "m",
    });
  });

  it("are made again from the transcript", () => {
    const entry = { id: "1", turn: "t", arrival: 1, text: "first words", at, steps: [] };
    const entries = [
      { ...entry, role: "user" as const },
      { ...entry, role: "assistant" as const, status: "failed" as const, usage: { ...noUsage, costUsd: 1 } },
    ];
    expect(deriveSessionRecord("s", entries)).toMatchObject({
      title: "first words",
      lastStatus: "failed",
      messageCount: 2,
      usage: { costUsd: 1 },
    });
    expect(deriveSessionRecord("s", [])).toMatchObject({ title: "s", messageCount: 0 });
  });
});
