import fs from "node:fs";
import { type ChangeLine, parseChangeLine } from "../change/change-line.ts";
import type { Folder } from "./folder.ts";
import { LineFile } from "./line-file.ts";

const LINES_PER_FILE = 1_000;
/** Files kept: the newest 10,000 changes and the file that grows. */
const MAX_FILES = 11;

/** The numbered changes of the home in `.matrix/changes/`, the newest 10,000 also in memory. The history can rebuild it. */
export class ChangeLog implements Disposable {
  readonly #folder: Folder;
  readonly #lines: ChangeLine[] = [];
  #file: LineFile | undefined;
  #fileLines = 0;

  /** Reads what is there as far as the numbers follow one another; the history knows what a damaged line hides. */
  constructor(folder: Folder) {
    this.#folder = folder;
    for (const name of this.#names()) {
      const file = new LineFile(folder, name);
      const texts = file.readLines();
      this.#goOnWith(file, texts.length);
      for (const text of texts) {
        const line = parseChangeLine(text);
        if (line !== undefined && (this.#lines.length === 0 || line.seq === this.newest + 1)) this.#lines.push(line);
      }
    }
    this.#bound();
  }

  /** The number of the newest change; 0 before the first. */
  get newest(): number {
    return this.#lines.at(-1)?.seq ?? 0;
  }

  /** The newest change. */
  get last(): ChangeLine | undefined {
    return this.#lines.at(-1);
  }

  /** All kept changes, the oldest first. */
  all(): readonly ChangeLine[] {
    return this.#lines;
  }

  /** Changes after a number, the oldest first; `gap` when some are no longer kept. */
  after(seq: number, limit: number): { readonly lines: readonly ChangeLine[]; readonly gap: boolean } {
    const oldest = this.#lines[0]?.seq ?? 1;
    const at = Math.max(0, seq + 1 - oldest);
    return { lines: this.#lines.slice(at, at + limit), gap: seq + 1 < oldest || seq > this.newest };
  }

  /** Adds a change. It counts at once, even if the disk refuses the line: the history has it too. Throws errnos. */
  append(line: ChangeLine): void {
    this.#lines.push(line);
    this.#bound();
    if (this.#file === undefined || this.#fileLines >= LINES_PER_FILE) this.#rotate(line.seq);
    this.#file?.append(`${JSON.stringify(line)}\n`);
    this.#fileLines += 1;
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
    this.#folder[Symbol.dispose]();
  }

  #goOnWith(file: LineFile, lines: number): void {
    this.#file?.[Symbol.dispose]();
    this.#file = file;
    this.#fileLines = lines;
  }

  #rotate(seq: number): void {
    this.#goOnWith(new LineFile(this.#folder, `${String(seq).padStart(12, "0")}.jsonl`), 0);
    for (const name of this.#names().slice(0, -MAX_FILES)) fs.rmSync(this.#folder.at(name), { force: true });
  }

  #names(): string[] {
    return fs
      .readdirSync(this.#folder.at("."))
      .filter((name) => name.endsWith(".jsonl"))
      .toSorted();
  }

  #bound(): void {
    const most = LINES_PER_FILE * (MAX_FILES - 1);
    if (this.#lines.length > most + LINES_PER_FILE) this.#lines.splice(0, this.#lines.length - most);
  }
}
