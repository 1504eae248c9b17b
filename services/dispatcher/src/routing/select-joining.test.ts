import type { QueueMode, StoredMessage } from "@matrix-os/contracts/turn/message";
import { expect, test } from "vitest";
import { selectJoining } from "./select-joining.ts";

let arrival = 0;
const message = (key: string, mode?: QueueMode, text = key): StoredMessage => ({
  key,
  session: "s",
  arrival: (arrival += 1),
  at: "2026-11-24T12:00:00.000Z",
  text,
  sender: "owner",
  replyTo: { channel: "web", account: "owner", chat: "main" },
  ...(mode === undefined ? {} : { mode }),
});
const keys = (messages: readonly StoredMessage[]) => messages.map(({ key }) => key);
const into = (turn: string, hasBegun = false, joined: string[] = []) => ({ turn, hasBegun, joined });

test("what steers joins wherever it waits, once, and only the turns before it", () => {
  const open = [message("run"), message("a", "steer"), message("wait"), message("b", "steer")];
  expect(keys(selectJoining(open, into("run", true)))).toEqual(["a", "b"]);
  expect(keys(selectJoining(open, into("run", true, ["a"])))).toEqual(["b"]);
  expect(keys(selectJoining(open, into("wait")))).toEqual(["b"]);
  expect(selectJoining(open, into("gone"))).toEqual([]);
});

test("what is collected joins a collecting turn before it begins, up to the first that wants a turn of its own", () => {
  const open = [message("a", "collect"), message("b", "collect"), message("c"), message("d", "collect")];
  expect(keys(selectJoining(open, into("a")))).toEqual(["b"]);
  expect(selectJoining(open, into("a", true, ["b"]))).toEqual([]);
  expect(selectJoining(open, into("c"))).toEqual([]);
});

test("one turn takes in about 64 KB, in order", () => {
  const long = "x".repeat(25_000);
  const open = [message("run"), ...["a", "b", "c"].map((key) => message(key, "steer", long)), message("d", "steer")];
  expect(keys(selectJoining(open, into("run")))).toEqual(["a", "b"]);
  expect(keys(selectJoining(open, into("run", true, ["a"])))).toEqual(["b"]);
  expect(selectJoining(open, into("run", true, ["a", "b"]))).toEqual([]);
});
