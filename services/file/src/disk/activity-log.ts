import fs from "node:fs";
import { type Activity, activity } from "@matrix-os/contracts/file/record-activity.request";
import { toLink } from "../journal/journal-chain.ts";
import { type Folder, makeFolder } from "./folder.ts";
import { LineFile } from "./line-file.ts";

const FOLDER = "system/activity";
const FILE = /^\d{4}-\d{2}-\d{2}\.jsonl$/;

interface Day {
  readonly name: string;
  readonly file: LineFile;
  lines: number;
  link: string;
}

/** The activity log: a file a day, each line chained to the one before, across days too. Not synced line by line. */
export class ActivityLog implements Disposable {
  readonly #folder: Folder;
  #day: Day | undefined;

  constructor(root: Folder) {
    this.#folder = makeFolder(root, FOLDER).folder;
  }

  /** Adds a line; answers its number in the day's file. Throws errnos. */
  record(what: Activity, now = new Date()): number {
    const day = this.#openDay(`${now.toISOString().slice(0, 10)}.jsonl`);
    const text = JSON.stringify({ ...what, prev: day.link });
    day.file.append(`${text}\n`);
    day.lines += 1;
    day.link = toLink(text);
    return day.lines;
  }

  /** The newest lines, the oldest first, and whether the chain of the files read holds. */
  read(limit: number): { readonly lines: Activity[]; readonly verified: boolean } {
    const texts: string[] = [];
    for (const name of this.#names().toReversed()) {
      texts.unshift(...this.#readDay(name));
      if (texts.length > limit) break;
    }
    const lines = texts.flatMap((text) => parse(text) ?? []);
    return { lines: lines.slice(-limit), verified: lines.length === texts.length && isChained(texts) };
  }

  [Symbol.dispose](): void {
    this.#day?.file[Symbol.dispose]();
    this.#folder[Symbol.dispose]();
  }

  #openDay(name: string): Day {
    if (this.#day?.name === name) return this.#day;
    const before = this.#day?.link ?? this.#lastLinkBefore(name);
    this.#day?.file[Symbol.dispose]();
    const file = new LineFile(this.#folder, name);
    const lines = file.readLines();
    const last = lines.at(-1);
    this.#day = { name, file, lines: lines.length, link: last === undefined ? before : toLink(last) };
    return this.#day;
  }

  #lastLinkBefore(name: string): string {
    const day = this.#names().findLast((other) => other < name);
    const last = day === undefined ? undefined : this.#readDay(day).at(-1);
    return last === undefined ? "" : toLink(last);
  }

  #readDay(name: string): string[] {
    const text = fs.readFileSync(this.#folder.at(name), "utf8");
    return text
      .slice(0, text.lastIndexOf("\n") + 1)
      .split("\n")
      .slice(0, -1);
  }

  #names(): string[] {
    return fs
      .readdirSync(this.#folder.at("."))
      .filter((name) => FILE.test(name))
      .toSorted();
  }
}

function parse(text: string): Activity | undefined {
  try {
    return activity.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The first line's own link points before what was read, so the check begins at the second. */
function isChained(texts: readonly string[]): boolean {
  return texts.every(
    (text, at) => at === 0 || (JSON.parse(text) as { prev?: unknown }).prev === toLink(texts[at - 1] ?? ""),
  );
}
