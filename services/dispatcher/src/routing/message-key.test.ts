import { expect, test } from "vitest";
import { toMessageKey } from "./message-key.ts";

const identity = { channel: "web", account: "owner", chat: "main", nativeId: "1" };

test("the same message has the same key whenever it comes", () => {
  expect(toMessageKey({ ...identity })).toBe(toMessageKey({ ...identity }));
  expect(toMessageKey(identity)).toMatch(/^[0-9a-f]{64}$/);
});

test("a difference in any part, or between parts, makes another key", () => {
  const others = [
    { ...identity, channel: "telegram" },
    { ...identity, account: "other" },
    { ...identity, chat: "mai", nativeId: "n1" },
    { ...identity, nativeId: "2" },
  ];
  expect(new Set([identity, ...others].map(toMessageKey)).size).toBe(others.length + 1);
});
