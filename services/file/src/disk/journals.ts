import fs from "node:fs";
import { rejected } from "@matrix-os/contracts/errors";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";
import { type ChainEnd, formatLines, isEnded, readJournal, toEpoch } from "../journal/journal-chain.ts";
import { findLargeOutput } from "../journal/large-output.ts";
import { MAX_PAGE_BYTES, pageOf } from "../turns/page.ts";
import { Blobs } from "./blobs.ts";
import { type Folder, lookAt, makeFolder, openFolder } from "./folder.ts";
import { HotFiles } from "./hot-files.ts";
import { LineFile } from "./line-file.ts";
import type { Staging } from "./staging.ts";
import { SyncGate, syncAll } from "./sync.ts";

/** Names one journal. */
export interface TurnName {
  readonly session: string;
  readonly turn: string;
}

/** Lines of a journal that fit one reply. */
export interface JournalPage {
  readonly lines: JournalLine[];
  readonly more: boolean;
}

/** Records to append, and how many lines stand before them. */
export interface Addition {
  readonly epoch: number;
  readonly after: number;
  readonly records: readonly TurnRecord[];
}

/** The journal's length after an append, and the moment its lines carry. */
export interface Appended {
  readonly length: number;
  readonly at: string;
}

interface Journal {
  readonly file: LineFile;
  readonly gate: SyncGate;
  readonly offsets: number[];
  end: ChainEnd;
  epoch: number;
  isEnded: boolean;
  users: number;
}

/** The journals of turns: append-only, hash-chained, fenced by epoch. */
export class Journals implements Disposable {
  readonly #root: Folder;
  readonly #staging: Staging;
  readonly #blobs: Blobs;
  readonly #hot = new HotFiles<Journal>();
  readonly #problem: (summary: string, session: string, turn: string) => void;

  constructor(root: Folder, staging: Staging, problem: (summary: string, session: string, turn: string) => void) {
    this.#root = root;
    this.#staging = staging;
    this.#problem = problem;
    this.#blobs = new Blobs(root, staging);
  }

  /** Whether a turn has a journal. */
  has(name: TurnName): boolean {
    if (this.#hot.get(toKey(name)) !== undefined) return true;
    return lookAt(this.#root, `${toFolder(name)}/${toFile(name)}`) !== undefined;
  }

  /** Takes a journal over under a new epoch and tells what it holds. The fence is on the disk when it resolves. */
  async open(
    name: TurnName,
    owner: string,
  ): Promise<JournalPage & { epoch: number; length: number; isEnded: boolean }> {
    const { journal, isNew } = this.#getOrMake(name);
    const epoch = journal.epoch + 1;
    return this.#hot.use(toKey(name), journal, async () => {
      this.#write(journal, { epoch, after: journal.end.length, records: [{ kind: "fence", epoch, owner }] });
      journal.epoch = epoch;
      const { length } = journal.end;
      await Promise.all([journal.gate.pass(), isNew ? this.#syncFolders(name) : undefined]);
      return { ...this.#readPage(name, journal, 1), epoch, length, isEnded: journal.isEnded };
    });
  }

  /** Appends records; on the disk when it resolves. A repeat answers as the first did. Errors: `not-found`, `stale-epoch`, `conflict`. */
  async append(name: TurnName, handedIn: Addition): Promise<Appended> {
    this.#getFenced(name, handedIn.epoch);
    const split = this.#blobs.split(name.session, handedIn.records);
    const addition = { ...handedIn, records: split instanceof Promise ? await split : split };
    // Looked at again: a fence may have been written while large outputs were.
    const journal = this.#getFenced(name, addition.epoch);
    return this.#hot.use(toKey(name), journal, async () => {
      const appended = findRepeat(journal, addition) ?? this.#writeOpen(journal, addition);
      await journal.gate.pass();
      return appended;
    });
  }

  /** How a turn's end stands in the journal, if it has ended. For the worker that holds it. Errors: `not-found`, `stale-epoch`. */
  findEnd(name: TurnName, epoch: number): Appended | undefined {
    const journal = this.#getFenced(name, epoch);
    if (!journal.isEnded) return undefined;
    const end = readLines(journal, 0, journal.end.length).findLast((line) => line.record.kind === "end");
    return { length: journal.end.length, at: end?.at ?? new Date().toISOString() };
  }

  /** A page from line `from` on. Errors: `not-found`. */
  read(name: TurnName, from: number): JournalPage {
    return this.#readPage(name, this.#get(name), from);
  }

  [Symbol.dispose](): void {
    this.#hot[Symbol.dispose]();
  }

  #readPage({ session }: TurnName, journal: Journal, from: number): JournalPage {
    const { to } = pageOf(journal.offsets, from - 1);
    const lines: JournalLine[] = [];
    let room = MAX_PAGE_BYTES;
    for (const [index, kept] of readLines(journal, from - 1, to).entries()) {
      const line = this.#blobs.restore(session, kept);
      room -= findLargeOutput(kept) === undefined ? toSize(journal, from - 1 + index) : toBytes(line);
      if (room < 0 && lines.length > 0) break;
      lines.push(line);
    }
    return { lines, more: from - 1 + lines.length < journal.end.length };
  }

  #writeOpen(journal: Journal, addition: Addition): Appended {
    if (journal.isEnded) throw rejected("conflict", "the turn has ended");
    return this.#write(journal, addition);
  }

  #write(journal: Journal, { epoch, after, records }: Addition): Appended {
    if (after !== journal.end.length)
      throw rejected("conflict", `the journal has ${journal.end.length} lines, not ${after}`, { field: "after" });
    const at = new Date().toISOString();
    const { lines, end } = formatLines(journal.end, epoch, { records, at });
    journal.file.append(`${lines.join("\n")}\n`);
    for (const line of lines) journal.offsets.push((journal.offsets.at(-1) ?? 0) + Buffer.byteLength(line) + 1);
    journal.end = end;
    if (records.some(({ kind }) => kind === "end")) journal.isEnded = true;
    return { length: end.length, at };
  }

  #getFenced(name: TurnName, epoch: number): Journal {
    const journal = this.#get(name);
    if (epoch === journal.epoch) return journal;
    throw rejected("stale-epoch", `epoch ${epoch} is over; the journal is at ${journal.epoch}`, { field: "epoch" });
  }

  #get(name: TurnName): Journal {
    const hot = this.#hot.get(toKey(name));
    if (hot !== undefined) return hot;
    using folder = openFolder(this.#root, toFolder(name));
    if (folder.look(toFile(name)) === undefined)
      throw rejected("not-found", "this turn has no journal", { field: "turn" });
    return this.#load(name, folder);
  }

  #getOrMake(name: TurnName): { readonly journal: Journal; readonly isNew: boolean } {
    const hot = this.#hot.get(toKey(name));
    if (hot !== undefined) return { journal: hot, isNew: false };
    using folder = makeFolder(this.#root, toFolder(name)).folder;
    const isNew = folder.look(toFile(name)) === undefined;
    return { journal: this.#load(name, folder), isNew };
  }

  #load(name: TurnName, folder: Folder): Journal {
    const file = new LineFile(folder, toFile(name));
    const read = readJournal(file.readAll());
    if (read.state === "damaged") this.#setAside(name, folder, file);
    if (read.state !== "whole") file.cut(read.offsets.at(-1) ?? 0);
    const gate = new SyncGate(() => file.sync());
    const { end, lines, offsets } = read;
    return this.#hot.keep(toKey(name), {
      file,
      gate,
      offsets: [...offsets],
      end,
      epoch: toEpoch(lines),
      isEnded: isEnded(lines),
      users: 0,
    });
  }

  /** Keeps a copy of a damaged journal beside it before the good part goes on. */
  #setAside(name: TurnName, folder: Folder, file: LineFile): void {
    const staged = this.#staging.stageFast(file.readAll());
    fs.renameSync(this.#staging.folder.at(staged), folder.at(`${name.turn}.damaged-${staged}`));
    this.#problem(
      "a damaged journal was set aside; its turn goes on from the last good record",
      name.session,
      name.turn,
    );
  }

  async #syncFolders(name: TurnName): Promise<void> {
    const folders = [toFolder(name), `system/sessions/${name.session}`, "system/sessions"].map((path) =>
      openFolder(this.#root, path),
    );
    try {
      await Promise.all(folders.map((folder) => syncAll(folder.fd)));
    } finally {
      for (const folder of folders) folder[Symbol.dispose]();
    }
  }
}

function toSize({ offsets }: Journal, at: number): number {
  return (offsets[at + 1] ?? 0) - (offsets[at] ?? 0);
}

function toBytes(line: JournalLine): number {
  return Buffer.byteLength(JSON.stringify(line));
}

/** The lines of an earlier try whose answer was lost: same place, same epoch, same records. */
function findRepeat(journal: Journal, { epoch, after, records }: Addition): Appended | undefined {
  const length = after + records.length;
  if (length > journal.end.length) return undefined;
  const lines = readLines(journal, after, length);
  const isSame = lines.every(
    (line, at) => line.epoch === epoch && JSON.stringify(line.record) === JSON.stringify(records[at]),
  );
  return isSame ? { length, at: lines.at(-1)?.at ?? "" } : undefined;
}

function readLines(journal: Journal, from: number, to: number): JournalLine[] {
  if (from >= to) return [];
  const start = journal.offsets[from] ?? 0;
  const bytes = journal.file.read(start, (journal.offsets[to] ?? start) - start);
  return bytes
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalLine);
}

function toFolder(name: TurnName): string {
  return `system/sessions/${name.session}/turns`;
}

function toFile(name: TurnName): string {
  return `${name.turn}.jsonl`;
}

function toKey(name: TurnName): string {
  return `${name.session}/${name.turn}`;
}
