import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import { describe, expect, test } from "vitest";
import {
  type SessionNews,
  type SessionView,
  evolveSession,
  newSessionView,
  toSessionView,
  withEarlier,
} from "./session-view.ts";

const at = "2026-11-24T12:00:00.000Z";
const base = { session: "s_1", turn: "t1", at };
const events: SessionEvent[] = [
  { ...base, cursor: "1.2", type: "message", id: "t1.user", role: "user", text: "make an app" },
  { ...base, cursor: "1.4", type: "text", step: 1, text: "I will." },
  { ...base, cursor: "1.5", type: "step", call: "c1", tool: "write_file", label: "apps/a/app.json", state: "running" },
  { ...base, cursor: "1.6", type: "step", call: "c1", tool: "write_file", label: "apps/a/app.json", state: "done" },
  { ...base, cursor: "1.8", type: "text", step: 2, text: "Done." },
  { ...base, cursor: "1.9", type: "finished", status: "done", id: "t1.assistant", text: "Done." },
];
const toNews = (event: SessionEvent): SessionNews => ({ type: "event", event });
const play = (view: SessionView, news: readonly SessionNews[]): SessionView => news.reduce(evolveSession, view);
const delta = (step: number, number: number, text: string): SessionNews => ({
  type: "delta",
  turn: "t1",
  step,
  number,
  text,
});
const answerOf = (view: SessionView) => view.messages.find(({ role }) => role === "assistant");

describe("the view of a session", () => {
  test("a turn from its first word to its end", () => {
    const view = play(newSessionView, events.map(toNews));
    expect(view.cursor).toBe("1.9");
    expect(view.messages.map(({ role, status, text }) => [role, status, text])).toEqual([
      ["user", "done", "make an app"],
      ["assistant", "done", "Done."],
    ]);
    expect(answerOf(view)?.activity).toEqual([
      { kind: "note", text: "I will." },
      { kind: "tool", step: { call: "c1", tool: "write_file", label: "apps/a/app.json", state: "done" } },
    ]);
  });

  test("a message that waited and then joined the running turn stands before its answer, once", () => {
    const queued: SessionNews = { type: "queued", message: "t2", text: "in blue", at };
    const joined = { ...base, cursor: "1.7", type: "message", id: "t2.user", role: "user", text: "in blue" } as const;
    const view = play(newSessionView, [
      ...events.slice(0, 4).map(toNews),
      queued,
      toNews(joined),
      toNews(joined),
      ...events.slice(4).map(toNews),
    ]);
    expect(view.messages.map(({ id, turn, status }) => [id, turn, status])).toEqual([
      ["t1.user", "t1", "done"],
      ["t2.user", "t1", "done"],
      ["t1.assistant", "t1", "done"],
    ]);
    expect(answerOf(view)?.activity).toHaveLength(2);
  });

  test("every repeat of every prefix changes nothing", () => {
    const whole = play(newSessionView, events.map(toNews));
    for (let length = 1; length <= events.length; length += 1) {
      const begun = play(newSessionView, events.slice(0, length).map(toNews));
      expect(play(begun, events.slice(0, length).map(toNews))).toEqual(begun);
      expect(play(begun, events.map(toNews))).toEqual(whole);
    }
  });

  test("text on its way is put together in order, repeats are left out, and the durable text replaces it", () => {
    const begun = play(newSessionView, [
      toNews(events[0] as SessionEvent),
      delta(1, 0, "I "),
      delta(1, 1, "wi"),
      delta(1, 1, "wi"),
      delta(1, 2, "ll"),
    ]);
    expect(answerOf(begun)?.draft?.text).toBe("I will");
    const durable = evolveSession(begun, toNews(events[1] as SessionEvent));
    expect(answerOf(durable)).toMatchObject({ text: "I will.", draft: undefined });
  });

  test("a further attempt begins the text anew", () => {
    const retry: SessionEvent = {
      ...base,
      cursor: "1.3",
      type: "retry",
      attempt: 1,
      error: { kind: "unavailable", code: "model-overloaded", message: "529" },
    };
    const view = play(newSessionView, [toNews(events[0] as SessionEvent), delta(1, 0, "Half a"), toNews(retry)]);
    expect(answerOf(view)).toMatchObject({ draft: undefined, attempt: 2 });
    expect(answerOf(play(view, [delta(1, 0, "Whole")]))?.draft?.text).toBe("Whole");
  });

  test("what the owner is told beside the answer stands among what happened on the way", () => {
    const message = "$1.70 of the turn's $2 are spent";
    const notice: SessionEvent = { ...base, cursor: "1.3", type: "notice", code: "budget-warning", message };
    const view = play(newSessionView, [toNews(events[0] as SessionEvent), toNews(notice)]);
    expect(answerOf(view)?.activity).toEqual([{ kind: "note", text: message }]);
  });

  test("what waits stays behind the running turn, and becomes a turn once", () => {
    const queued: SessionNews = { type: "queued", message: "t2", text: "and then", at };
    const waiting = play(newSessionView, [toNews(events[0] as SessionEvent), queued, queued]);
    expect(waiting.messages.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "t1.user running",
      "t1.assistant running",
      "t2.user queued",
    ]);
    const begun = play(waiting, [
      ...events.slice(1).map(toNews),
      toNews({ ...base, turn: "t2", cursor: "2.2", type: "message", id: "t2.user", role: "user", text: "and then" }),
    ]);
    expect(begun.messages.map(({ id }) => id)).toEqual(["t1.user", "t1.assistant", "t2.user", "t2.assistant"]);
  });

  test("a message that was heard of only after its turn had begun is not shown twice", () => {
    const begun = play(newSessionView, [
      toNews(events[0] as SessionEvent),
      { type: "queued", message: "t1", text: "make an app", at },
    ]);
    expect(begun.messages.map(({ id }) => id)).toEqual(["t1.user", "t1.assistant"]);
  });

  test("a turn that is stopped before it began still gets its end", () => {
    const queued: SessionNews = { type: "queued", message: "t1", text: "later", at };
    const view = play(newSessionView, [
      queued,
      toNews({ ...base, cursor: "1.2", type: "finished", status: "stopped", id: "t1.assistant", text: "" }),
    ]);
    expect(view.messages.map(({ role, status }) => [role, status])).toEqual([
      ["user", "done"],
      ["assistant", "stopped"],
    ]);
  });

  test("a session that was read goes on from exactly there", () => {
    const step = { call: "c1", tool: "write_file", label: "x", state: "running" as const };
    const read = toSessionView({
      id: "s_1",
      title: "",
      state: "running",
      from: 2,
      total: 2,
      cursor: "1.5",
      messages: [
        { id: "t1.user", turn: "t1", role: "user", text: "make an app", steps: [], at, status: "running" },
        { id: "t1.assistant", turn: "t1", role: "assistant", text: "I will.", steps: [step], at, status: "running" },
      ],
    });
    const view = play(read, events.map(toNews));
    expect(view.messages).toHaveLength(2);
    expect(answerOf(view)).toMatchObject({ status: "done", text: "Done." });
    const older = { id: "t0.user", turn: "t0", role: "user" as const, text: "before", steps: [], at };
    const whole = withEarlier(view, { id: "s_1", title: "", state: "idle", from: 0, total: 3, messages: [older] });
    expect(whole.messages.map(({ id }) => id)).toEqual(["t0.user", "t1.user", "t1.assistant"]);
    expect(whole.earlier).toBe(0);
  });
});
