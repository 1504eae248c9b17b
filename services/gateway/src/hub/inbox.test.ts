import { expect, test } from "vitest";
import { createInbox } from "./inbox.ts";

test("gives items in order, and waits when there are none", async () => {
  const inbox = createInbox<number>(10, new AbortController().signal);
  inbox.put(1);
  inbox.put(2);
  expect([await inbox.take(), await inbox.take()]).toEqual([1, 2]);
  const later = inbox.take();
  inbox.put(3);
  expect(await later).toBe(3);
});

test("past its limit it drops all and tells so once, then goes on", async () => {
  const inbox = createInbox<number>(2, new AbortController().signal);
  for (let n = 0; n < 5; n += 1) inbox.put(n);
  expect(await inbox.take()).toBe("lost");
  inbox.put(9);
  expect(await inbox.take()).toBe(9);
});

test("tells a silence, and what comes before it is one", async () => {
  const inbox = createInbox<number>(2, new AbortController().signal);
  expect(await inbox.takeWithin(10)).toBe("silence");
  const waiting = inbox.takeWithin(60_000);
  inbox.put(4);
  expect(await waiting).toBe(4);
});

test("ends with its signal, also while waiting", async () => {
  const stop = new AbortController();
  const inbox = createInbox<number>(2, stop.signal);
  const waiting = inbox.take();
  stop.abort();
  expect(await waiting).toBeUndefined();
  inbox.put(1);
  expect(await inbox.take()).toBeUndefined();
});
