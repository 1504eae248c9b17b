import { expect, test } from "vitest";
import type { TurnEvent } from "../turn/turn-event.ts";
import { createPaint } from "./paint.ts";
import { createTurnView } from "./turn-view.ts";

const base = { session: "s", turn: "t", at: "2026-11-24T12:00:00.000Z" };
const delta = (step: number, number: number, text: string): TurnEvent => ({
  type: "delta",
  turn: "t",
  step,
  number,
  text,
});
const text = (step: number, whole: string): TurnEvent => ({
  ...base,
  cursor: `1.${step}`,
  type: "text",
  step,
  text: whole,
});
const finished = (whole: string): TurnEvent => ({
  ...base,
  cursor: "1.99",
  type: "finished",
  status: "done",
  id: "a",
  text: whole,
});
const call = (state: "running" | "done" | "failed" | "in-doubt"): TurnEvent => ({
  ...base,
  cursor: "1.5",
  type: "step",
  call: "c",
  tool: "write_file",
  label: "a.txt",
  state,
});

function show(events: readonly TurnEvent[], isTerminal = false): string {
  const view = createTurnView(createPaint({ isTerminal, colours: false }));
  return events.map(view.show).join("");
}

test("text on its way and the whole text are one text", () => {
  expect(show([delta(1, 0, "Hel"), delta(1, 1, "lo"), text(1, "Hello"), finished("Hello")])).toBe("Hello\n");
  expect(show([delta(1, 0, "\n Hello \n"), text(1, "Hello"), finished("Hello")])).toMatch(/^Hello\s+$/);
  expect(show([text(1, "Hello"), finished("Hello")])).toBe("Hello\n");
  expect(show([finished("Hello")])).toBe("Hello\n");
  expect(show([finished("")])).toBe("");
});

test("past a hole in the text on its way, the whole text fills up the rest", () => {
  expect(show([delta(1, 0, "One "), delta(1, 2, "three"), text(1, "One two three")])).toBe("One two three\n");
  expect(show([delta(1, 4, "late"), text(1, "too late")])).toBe("too late\n");
});

test("what comes twice is shown once", () => {
  const events = [delta(1, 0, "a"), text(1, "ab"), call("running"), call("done"), text(2, "c")];
  expect(show([...events, ...events, finished("c")])).toBe("ab\n  write_file a.txt\nc\n");
  expect(show([delta(1, 0, "abc"), delta(1, 0, "a"), delta(1, 1, "bcd")])).toBe("abcd");
});

test("another text than the one on its way is shown whole, after a notice", () => {
  expect(show([delta(1, 0, "Hello"), text(1, "Good day")])).toBe("Hello\n(the answer starts over)\nGood day\n");
});

test("a character that comes in halves is shown whole, and so is a line end", () => {
  expect(show([delta(1, 0, "\ud835"), delta(1, 1, "\udcb3!\r"), delta(1, 2, "\nx")], true)).toBe("𝒳!\nx");
});

test("steps stand on their own lines, bad ends are told", () => {
  expect(show([delta(1, 0, "I write"), call("running"), call("failed")], true)).toBe(
    "I write\n  ✎ write_file a.txt\n  ✗ write_file a.txt — failed\n",
  );
  expect(show([call("in-doubt")])).toBe("  write_file a.txt — cut off, its result is unknown\n");
});

test("escape sequences of the model reach a pipe but no terminal", () => {
  expect(show([text(1, "\u001b[2J")])).toBe("\u001b[2J\n");
  expect(show([text(1, "\u001b[2J")], true)).toBe("␛[2J\n");
});
