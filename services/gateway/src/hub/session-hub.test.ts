import { expect, test } from "vitest";
import { type SessionSignal, createSessionHub } from "./session-hub.ts";

test("a session is listened to from its first watcher to its last", () => {
  const hub = createSessionHub();
  const open: string[] = [];
  hub.openWhileWatched((session) => {
    open.push(session);
    return () => open.splice(open.indexOf(session), 1);
  });
  const leave = [hub.listen("a", () => undefined), hub.listen("a", () => undefined), hub.listen("b", () => undefined)];
  expect(open).toEqual(["a", "b"]);
  leave[0]?.();
  expect(open).toEqual(["a", "b"]);
  for (const unlisten of leave) unlisten();
  expect(open).toEqual([]);
});

test("a source that comes later is opened for those who watch already, and they look again", () => {
  const hub = createSessionHub();
  const heard: SessionSignal[] = [];
  hub.listen("a", (signal) => heard.push(signal));
  const open = new Set<string>();
  const withdraw = hub.openWhileWatched((session) => {
    open.add(session);
    return () => open.delete(session);
  });
  expect([[...open], heard]).toEqual([["a"], [{ kind: "interrupted" }]]);
  withdraw();
  expect([...open]).toEqual([]);
});

test("tells only the watchers of a session, an interruption everybody", () => {
  const hub = createSessionHub();
  const heard: string[] = [];
  hub.listen("a", ({ kind }) => heard.push(`a ${kind}`));
  hub.listen("b", ({ kind }) => heard.push(`b ${kind}`));
  hub.tell("a", { kind: "finished", turn: "t", arrival: 1, status: "done" });
  hub.tell("nobody", { kind: "interrupted" });
  hub.interrupt();
  expect(heard).toEqual(["a finished", "a interrupted", "b interrupted"]);
});
