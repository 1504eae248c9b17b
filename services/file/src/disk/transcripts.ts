import { OsError, rejected } from "@matrix-os/contracts/errors";
import { type TranscriptEntry, transcriptEntry } from "@matrix-os/contracts/turn/message";
import { pageOf } from "../turns/page.ts";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import { HotFiles } from "./hot-files.ts";
import { LineFile } from "./line-file.ts";
import { syncAll } from "./sync.ts";

const NAME = "transcript.jsonl";
const MAX_BRIEF_ENTRIES = 500;

interface Transcript {
  readonly file: LineFile;
  /** Where each entry begins, and where the last one ends. */
  readonly offsets: number[];
  readonly ids: Set<string>;
  users: number;
}

/** What one read answers. */
export interface TranscriptPage {
  readonly entries: TranscriptEntry[];
  readonly from: number;
  readonly total: number;
}

/** Finished messages, one file a session. An entry is written once, whoever repeats it. */
export class Transcripts implements Disposable {
  readonly #root: Folder;
  readonly #hot = new HotFiles<Transcript>();

  constructor(root: Folder) {
    this.#root = root;
  }

  /** Adds the entries that are not there yet; on the disk when it resolves. Answers how many there are. */
  async append(session: string, entries: readonly TranscriptEntry[]): Promise<number> {
    const { transcript, isNew } = this.#getOrMake(session);
    return this.#hot.use(session, transcript, async () => {
      const missing = entries.filter((entry) => !transcript.ids.has(entry.id));
      if (missing.length > 0) write(transcript, missing);
      const { length } = transcript.offsets;
      await Promise.all([transcript.file.sync(), isNew ? this.#syncFolder(session) : undefined]);
      return length - 1;
    });
  }

  /** Whether an entry is there. */
  has(session: string, id: string): boolean {
    try {
      return this.#getIfThere(session)?.ids.has(id) ?? false;
    } catch (thrown) {
      if (thrown instanceof OsError && thrown.code === "not-found") return false;
      throw thrown;
    }
  }

  /** A page of entries; a negative `from` counts from the end. A session without finished messages has none. */
  read(session: string, from: number, brief: boolean): TranscriptPage {
    const transcript = this.#getIfThere(session);
    const total = transcript === undefined ? 0 : transcript.offsets.length - 1;
    const first = Math.min(total, from < 0 ? Math.max(0, total + from) : from);
    if (transcript === undefined || first === total) return { entries: [], from: first, total };
    return { entries: brief ? readBrief(transcript, first) : readFull(transcript, first), from: first, total };
  }

  /** All entries, for making a lost session file again. */
  readAll(session: string): TranscriptEntry[] {
    const entries: TranscriptEntry[] = [];
    for (
      let page = this.read(session, 0, true);
      page.entries.length > 0;
      page = this.read(session, entries.length, true)
    ) {
      entries.push(...page.entries);
    }
    return entries;
  }

  [Symbol.dispose](): void {
    this.#hot[Symbol.dispose]();
  }

  #getIfThere(session: string): Transcript | undefined {
    const hot = this.#hot.get(session);
    if (hot !== undefined) return hot;
    using folder = openSession(this.#root, session);
    return folder.look(NAME) === undefined ? undefined : this.#load(session, folder);
  }

  #getOrMake(session: string): { readonly transcript: Transcript; readonly isNew: boolean } {
    const there = this.#hot.get(session);
    if (there !== undefined) return { transcript: there, isNew: false };
    using folder = makeFolder(this.#root, toFolder(session)).folder;
    const isNew = folder.look(NAME) === undefined;
    return { transcript: this.#load(session, folder), isNew };
  }

  #load(session: string, folder: Folder): Transcript {
    const file = new LineFile(folder, NAME);
    const offsets = [0];
    const ids = new Set<string>();
    for (const line of file.readLines()) {
      offsets.push((offsets.at(-1) ?? 0) + Buffer.byteLength(line) + 1);
      const id = parseEntry(line)?.id;
      if (id !== undefined) ids.add(id);
    }
    return this.#hot.keep(session, { file, offsets, ids, users: 0 });
  }

  async #syncFolder(session: string): Promise<void> {
    using folder = openFolder(this.#root, toFolder(session));
    await syncAll(folder.fd);
  }
}

function write(transcript: Transcript, entries: readonly TranscriptEntry[]): void {
  const lines = entries.map((entry) => JSON.stringify(entry));
  transcript.file.append(`${lines.join("\n")}\n`);
  for (const line of lines) transcript.offsets.push((transcript.offsets.at(-1) ?? 0) + Buffer.byteLength(line) + 1);
  for (const entry of entries) transcript.ids.add(entry.id);
}

function readFull(transcript: Transcript, from: number): TranscriptEntry[] {
  const { start, end } = pageOf(transcript.offsets, from);
  return parseLines(transcript, start, end);
}

/** Without the model's form more entries fit a page, so several plain pages make one. */
function readBrief(transcript: Transcript, from: number): TranscriptEntry[] {
  const total = transcript.offsets.length - 1;
  const entries: TranscriptEntry[] = [];
  for (let at = from, bytes = 0; at < total && entries.length < MAX_BRIEF_ENTRIES; at += 1) {
    const [entry] = parseLines(transcript, transcript.offsets[at] ?? 0, transcript.offsets[at + 1] ?? 0);
    const { exchange: _exchange, ...rest } = entry ?? lostEntry;
    bytes += Buffer.byteLength(JSON.stringify(rest));
    if (entries.length > 0 && bytes > 200_000) break;
    entries.push(rest);
  }
  return entries;
}

function parseLines(transcript: Transcript, start: number, end: number): TranscriptEntry[] {
  const lines = transcript.file
    .read(start, end - start)
    .toString("utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => parseEntry(line) ?? lostEntry);
}

/** Stands where a line can't be read, so that places stay the same. */
const lostEntry: TranscriptEntry = {
  id: "lost",
  turn: "lost",
  arrival: 1,
  role: "assistant",
  text: "[this message can't be read any more]",
  at: new Date(0).toISOString(),
  steps: [],
};

function parseEntry(line: string): TranscriptEntry | undefined {
  try {
    return transcriptEntry.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function openSession(root: Folder, session: string): Folder {
  try {
    return openFolder(root, toFolder(session));
  } catch (thrown) {
    throw rejected("not-found", "there is no such session", { field: "session", cause: thrown });
  }
}

function toFolder(session: string): string {
  return `system/sessions/${session}`;
}
