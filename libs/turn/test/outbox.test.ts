import { exampleMessage } from "@matrix-os/contracts/turn/examples";
import { type StoredMessage, noUsage } from "@matrix-os/contracts/turn/message";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { splitText } from "../src/split-text.ts";
import { toOutbox } from "../src/to-outbox.ts";
import { emptyTurn } from "../src/turn-state.ts";

const to = (chat: string, maxTextLength?: number): StoredMessage => ({
  ...exampleMessage,
  replyTo: { channel: "telegram", account: "bot", chat, ...(maxTextLength === undefined ? {} : { maxTextLength }) },
});
const ended = (status: "done" | "failed", text: string) => ({ ...emptyTurn, ended: { status, text, usage: noUsage } });

test("an answer goes to each chat that is written to once, in parts that it takes, the last one with the end", () => {
  const parts = toOutbox(
    [to("a", 20), to("b"), to("a", 20), to("c", 4_096)],
    ended("done", "First things.\n\nThen more."),
  );
  expect(parts.map(({ n, to: { chat }, text, status }) => [n, chat, text, status])).toEqual([
    [1, "a", "First things.", undefined],
    [2, "a", "Then more.", "done"],
    [3, "c", "First things.\n\nThen more.", "done"],
  ]);
});

test("a failure without words is a part without text; an answer without words is none", () => {
  expect(toOutbox([to("a", 20)], ended("failed", ""))).toMatchObject([{ n: 1, text: "", status: "failed" }]);
  expect(toOutbox([to("a", 20)], ended("done", ""))).toEqual([]);
});

test("parts fit, are well-formed and leave out only blank space", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.integer({ min: 20, max: 60 }), (text, max) => {
      const parts = splitText(text, max);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(max);
        expect(part.isWellFormed()).toBe(true);
      }
      expect(parts.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
    }),
  );
});
