import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import { describe, expect, test } from "vitest";
import { type Place, type Stretch, advance, decide, selectNew, toCursor, toCursorBehind, toPlace } from "./place.ts";

const text = (n: number, step = 1): SessionEvent => ({
  type: "text",
  cursor: `7.${n}`,
  session: "s",
  turn: "t",
  at: "",
  step,
  text: "",
});
const stretch = (from: number, to: number, events: SessionEvent[] = []) => ({
  turn: "t",
  arrival: 7,
  from,
  to,
  events,
});
const inside = { arrival: 7, line: 4, turn: "t", finished: false, step: 1 };

describe("a live stretch is", () => {
  test.each<[string, "show" | "old" | "hole", Place, Stretch]>([
    ["shown when it follows", "show", inside, stretch(5, 6)],
    ["shown when it overlaps", "show", inside, stretch(3, 6)],
    ["old when it was seen", "old", inside, stretch(3, 4)],
    ["a hole when lines are missing", "hole", inside, stretch(6, 6)],
    ["old when its turn is", "old", { ...inside, arrival: 8, turn: "u" }, stretch(5, 5)],
    [
      "shown when a new turn begins after a finished one",
      "show",
      { ...inside, arrival: 6, finished: true },
      stretch(1, 2),
    ],
    ["a hole when the turn before has not ended here", "hole", { ...inside, arrival: 6 }, stretch(1, 2)],
    [
      "a hole when a new turn is heard from its middle",
      "hole",
      { ...inside, arrival: 6, finished: true },
      stretch(3, 3),
    ],
    ["shown at the very beginning", "show", toPlace("5.0"), stretch(2, 2)],
    ["a hole for a cursor inside a turn that was not read yet", "hole", toPlace("7.3"), stretch(4, 4)],
  ])("%s", (...[, expected, place, heard]) => {
    expect(decide(place, heard)).toBe(expected);
  });
});

test("a place moves on with what is shown, never back", () => {
  const next = advance(inside, stretch(5, 6, [text(5, 2)]));
  expect(next).toEqual({ ...inside, line: 6, step: 2 });
  expect(advance(toPlace("7.150"), stretch(1, 100)).line).toBe(150);
  expect(toCursor(next)).toBe("7.6");
});

test("only events behind the place are new", () => {
  const events = [text(3), text(5)];
  expect(selectNew(inside, stretch(1, 5, events))).toEqual([text(5)]);
  expect(selectNew({ ...inside, arrival: 6, line: 99 }, stretch(1, 5, events))).toEqual(events);
});

test("behind a finished turn, the next arrival is new", () => {
  expect(decide(toPlace(toCursorBehind(6)), stretch(1, 2))).toBe("show");
});
