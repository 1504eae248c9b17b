import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";

/** How far a watcher has got in a session. */
export interface Place {
  readonly arrival: number;
  /** The last journal line seen of this turn. */
  readonly line: number;
  /** The turn of this arrival; not set when the place lies between turns. */
  readonly turn: string | undefined;
  readonly finished: boolean;
  /** The last model step whose outcome was seen: text on its way of this or an earlier step is old. */
  readonly step: number;
}

/** A stretch of a turn's journal, already turned into events. */
export interface Stretch {
  readonly turn: string;
  readonly arrival: number;
  readonly from: number;
  readonly to: number;
  readonly events: readonly SessionEvent[];
}

/** A journal's first line is the fence, which shows nothing: a turn heard from line 2 on was heard whole. */
const FIRST_SHOWN_LINE = 2;

/** The place that a cursor names. */
export function toPlace(cursor: string): Place {
  const [arrival = 0, line = 0] = cursor.split(".").map(Number);
  return { arrival, line, turn: undefined, finished: false, step: 0 };
}

/** The cursor of a place: what follows it is new. */
export function toCursor(place: Place): string {
  return `${place.arrival}.${place.line}`;
}

/** The cursor behind everything of a finished turn. */
export function toCursorBehind(arrival: number): string {
  return `${arrival + 1}.0`;
}

/** What to do with a live stretch: show its new events, ignore it, or read the journals because something is missing. */
export function decide(place: Place, stretch: Stretch): "show" | "old" | "hole" {
  if (stretch.arrival < place.arrival) return "old";
  if (stretch.arrival === place.arrival && place.turn !== undefined) {
    if (stretch.to <= place.line) return "old";
    return stretch.from <= place.line + 1 ? "show" : "hole";
  }
  const between = place.turn === undefined ? place.line === 0 : place.finished;
  return between && stretch.from <= FIRST_SHOWN_LINE ? "show" : "hole";
}

/** The place after a stretch was shown. */
export function advance(place: Place, stretch: Stretch): Place {
  const before = place.arrival === stretch.arrival ? place : { line: 0, finished: false, step: 0 };
  return {
    arrival: stretch.arrival,
    turn: stretch.turn,
    line: Math.max(before.line, stretch.to),
    finished: before.finished || stretch.events.some((event) => event.type === "finished"),
    step: stretch.events.reduce(
      (step, event) => (event.type === "text" ? Math.max(step, event.step) : step),
      before.step,
    ),
  };
}

/** The events of a stretch that lie behind a place. */
export function selectNew(place: Place, stretch: Stretch): SessionEvent[] {
  if (stretch.arrival !== place.arrival) return [...stretch.events];
  return stretch.events.filter((event) => Number(event.cursor.split(".")[1]) > place.line);
}
