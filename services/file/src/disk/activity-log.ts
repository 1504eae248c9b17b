import fs from "node:fs";
import type { ActivityQuery } from "@matrix-os/contracts/file/read-activity.request";
import { type Activity, activity } from "@matrix-os/contracts/file/record-activity.request";
import type { ActivityCheck } from "@matrix-os/contracts/file/verify-activity.request";
import { type ActivityHead, ActivityWalk } from "../journal/activity-chain.ts";
import { toLink } from "../journal/journal-chain.ts";
import type { ActivityAnchor } from "./activity-anchor.ts";
import { type Folder, makeFolder } from "./folder.ts";
import { LineFile } from "./line-file.ts";

const FOLDER = "system/activity";
const FILE = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;
/** How far the kept head may lag behind the log when the machine stops all at once. */
const ANCHOR_AFTER_MS = 1_000;
const PAGE_BYTES = 120_000;

interface Found {
  readonly line: Activity;
  readonly place: string;
}

interface Day {
  readonly day: string;
  readonly file: LineFile;
  lines: number;
  link: string;
}

/** The activity log: a file a day, each line chained to the one before, across days too; its end is kept outside the home. */
export class ActivityLog implements Disposable {
  readonly #folder: Folder;
  readonly #anchor: ActivityAnchor;
  #day: Day | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(root: Folder, anchor: ActivityAnchor) {
    this.#folder = makeFolder(root, FOLDER).folder;
    this.#anchor = anchor;
  }

  /** Adds a line; answers its number in the day's file. Throws errnos. */
  record(what: Activity, now = new Date()): number {
    // A clock that was set back must not write between older lines.
    const newest = this.#day?.day ?? this.#days().at(-1) ?? "";
    const today = now.toISOString().slice(0, 10);
    const day = this.#openDay(today > newest ? today : newest);
    const text = JSON.stringify({ ...what, prev: day.link });
    day.file.append(`${text}\n`);
    day.lines += 1;
    day.link = toLink(text);
    this.#timer ??= setTimeout(() => void this.keepHead().catch(() => undefined), ANCHOR_AFTER_MS).unref();
    return day.lines;
  }

  /** The newest lines that fit, or those after a place; and whether the chain of the days read holds. */
  read(query: ActivityQuery): { lines: Activity[]; verified: boolean; next?: string } {
    const { limit, after } = query;
    const { found, verified } = this.#collect(query);
    if (after === undefined || found.length <= limit)
      return { lines: found.slice(-limit).map(({ line }) => line), verified, ...this.#next() };
    const wanted = found.slice(0, limit);
    return { lines: wanted.map(({ line }) => line), verified, next: wanted.at(-1)?.place ?? after };
  }

  /** The log's own lines after a place, as many as fit into a message. */
  page(after = "0000-00-00.0"): { lines: string[]; next?: string } {
    const [from = "", count = "0"] = after.split(".");
    const day = this.#days().find((day) => day > from || (day === from && this.#readDay(day).length > Number(count)));
    if (day === undefined) return { lines: [] };
    const skipped = day === from ? Number(count) : 0;
    let bytes = 0;
    const lines = this.#readDay(day)
      .slice(skipped)
      .filter((text, at) => (bytes += Buffer.byteLength(text)) <= PAGE_BYTES || at === 0);
    return { lines, next: `${day}.${skipped + lines.length}` };
  }

  /** Goes through the whole log, day by day. */
  async verify(): Promise<Omit<ActivityCheck, "checkedAt">> {
    const now = this.#day;
    const head = now === undefined ? this.#anchor.read() : { day: now.day, line: now.lines, link: now.link };
    const size = now?.file.size;
    const walk = new ActivityWalk(head);
    for (const day of this.#days()) {
      const bytes = await fs.promises.readFile(this.#folder.at(`${day}.jsonl`));
      // What is added meanwhile belongs to the next check.
      walk.addDay(day, day === now?.day ? bytes.subarray(0, size) : bytes);
    }
    const broken = walk.end();
    return { lines: walk.lines, days: walk.days, ...(broken === undefined ? {} : { broken }) };
  }

  /** Keeps the log's end outside the home, once its bytes are on the disk. Throws errnos. */
  async keepHead(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const day = this.#day;
    if (day === undefined) return;
    const head = { day: day.day, line: day.lines, link: day.link };
    await day.file.sync();
    this.#anchor.write(head);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    const day = this.#day;
    if (day !== undefined) {
      fs.fdatasyncSync(day.file.fd);
      this.#anchor.write({ day: day.day, line: day.lines, link: day.link });
      day.file[Symbol.dispose]();
    }
    this.#folder[Symbol.dispose]();
  }

  #openDay(day: string): Day {
    if (this.#day?.day === day) return this.#day;
    const before = this.#day?.link ?? this.#lastLink();
    this.#day?.file[Symbol.dispose]();
    const file = new LineFile(this.#folder, `${day}.jsonl`);
    this.#day = { day, file, lines: file.readLines().length, link: before };
    return this.#day;
  }

  /** The link that the next line goes on from. When the last known line is gone it is still that one: the gap stays visible. */
  #lastLink(): string {
    const head = this.#anchor.read();
    if (head !== undefined && !this.#holds(head)) return head.link;
    const day = this.#days().findLast((day) => this.#readDay(day).length > 0);
    const last = day === undefined ? undefined : this.#readDay(day).at(-1);
    return last === undefined ? "" : toLink(last);
  }

  /** Every line after a place; without one, days from the newest back until there are enough. */
  #collect({ limit, after, ...filter }: ActivityQuery): { found: Found[]; verified: boolean } {
    const found: Found[] = [];
    const texts: string[] = [];
    const [from = "", count = "0"] = after?.split(".") ?? [];
    for (const day of this.#days().toReversed()) {
      const isEnough = after === undefined && found.length >= limit;
      if (day < from || isEnough) break;
      const read = this.#readDay(day);
      const skipped = day === from ? Number(count) : 0;
      texts.unshift(...read);
      found.unshift(...read.flatMap((text, at) => (at < skipped ? [] : toFound(text, filter, `${day}.${at + 1}`))));
    }
    return { found, verified: isChained(texts) };
  }

  /** The log's end as a place. */
  #next(): { next?: string } {
    const day = this.#days().at(-1);
    return day === undefined ? {} : { next: `${day}.${this.#readDay(day).length}` };
  }

  #holds({ day, line, link }: ActivityHead): boolean {
    const text = this.#days().includes(day) ? this.#readDay(day)[line - 1] : undefined;
    return text !== undefined && toLink(text) === link;
  }

  #readDay(day: string): string[] {
    const text = fs.readFileSync(this.#folder.at(`${day}.jsonl`), "utf8");
    return text
      .slice(0, text.lastIndexOf("\n") + 1)
      .split("\n")
      .slice(0, -1);
  }

  #days(): string[] {
    return fs
      .readdirSync(this.#folder.at("."))
      .flatMap((name) => FILE.exec(name)?.[1] ?? [])
      .toSorted();
  }
}

function toFound(text: string, { kind, since }: Pick<ActivityQuery, "kind" | "since">, place: string): Found[] {
  try {
    const line = activity.parse(JSON.parse(text));
    const fits = (kind === undefined || line.kind === kind) && (since === undefined || line.at >= since);
    return fits ? [{ line, place }] : [];
  } catch {
    return [];
  }
}

/** The first line's own link points before what was read, so the check begins at the second. */
function isChained(texts: readonly string[]): boolean {
  return texts.every((text, at) => at === 0 || readPrevious(text) === toLink(texts[at - 1] ?? ""));
}

function readPrevious(text: string): unknown {
  try {
    return (JSON.parse(text) as { prev?: unknown }).prev;
  } catch {
    return undefined;
  }
}
