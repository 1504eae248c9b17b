import { toLink } from "./journal-chain.ts";

const NEWLINE = 10;

/** A line of the activity log that is known to have been written: its day, its number there, and the link to it. */
export interface ActivityHead {
  readonly day: string;
  readonly line: number;
  readonly link: string;
}

/** The first place where the log is not as it was written. */
export interface BrokenActivity {
  readonly day: string;
  readonly line: number;
  readonly reason: string;
}

/** Follows the chain through the days, in order, by bytes; remembers the first fault. */
export class ActivityWalk {
  readonly #head: ActivityHead | undefined;
  #link = "";
  #isHeadSeen = false;
  #last: Pick<ActivityHead, "day" | "line"> = { day: "", line: 0 };
  lines = 0;
  days = 0;
  broken: BrokenActivity | undefined;

  /** `head`: the last line that must be there; undefined when nothing is known of the end. */
  constructor(head: ActivityHead | undefined) {
    this.#head = head;
    this.#isHeadSeen = head === undefined;
  }

  /** Reads a day's file. */
  addDay(day: string, bytes: Uint8Array): void {
    this.days += 1;
    let line = 0;
    for (let at = 0; at < bytes.length;) {
      const stop = bytes.indexOf(NEWLINE, at);
      if (stop === -1) break; // A line that a crash cut off was never told to anybody.
      line += 1;
      this.#addLine({ day, line }, bytes.subarray(at, stop));
      at = stop + 1;
    }
  }

  /** What is wrong, after the last day. */
  end(): BrokenActivity | undefined {
    if (this.#isHeadSeen || this.broken !== undefined || this.#head === undefined) return this.broken;
    const { day, line } = this.#head;
    this.broken = { ...this.#last, reason: `lines are missing behind it, the last known one is ${day} line ${line}` };
    return this.broken;
  }

  #addLine(place: Pick<ActivityHead, "day" | "line">, text: Uint8Array): void {
    this.lines += 1;
    this.#last = place;
    if (readPrevious(text) !== this.#link) this.#note(place, "does not go on from the line before");
    this.#link = toLink(text);
    if (this.#head?.day !== place.day || this.#head.line !== place.line) return;
    this.#isHeadSeen = true;
    if (this.#head.link !== this.#link) this.#note(place, "is not the line that was written there");
  }

  #note(place: Pick<ActivityHead, "day" | "line">, reason: string): void {
    this.broken ??= { ...place, reason };
  }
}

function readPrevious(text: Uint8Array): unknown {
  try {
    return (JSON.parse(Buffer.from(text).toString("utf8")) as { prev?: unknown }).prev;
  } catch {
    return undefined;
  }
}
