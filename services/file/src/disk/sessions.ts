import fs from "node:fs";
import type { IncomingMessage } from "@matrix-os/contracts/turn/message";
import {
  type FinishedTurn,
  type SessionRecord,
  createSessionRecord,
  deriveSessionRecord,
  parseSessionRecord,
  withFinishedTurn,
} from "../turns/session-record.ts";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import type { Staging } from "./staging.ts";
import type { Transcripts } from "./transcripts.ts";

const FOLDER = "system/sessions";
const NAME = "session.json";
const LOADS_PER_TURN = 100;

/** All sessions, the last changed last; `session.json` is the truth, a lost one is made again from the transcript. */
export class Sessions {
  /** Settles when all sessions of earlier runs are known. */
  readonly loaded: Promise<void>;
  readonly #root: Folder;
  readonly #staging: Staging;
  readonly #transcripts: Transcripts;
  readonly #known = new Map<string, SessionRecord>();
  #isClosing = false;

  constructor(root: Folder, staging: Staging, transcripts: Transcripts) {
    this.#root = root;
    this.#staging = staging;
    this.#transcripts = transcripts;
    makeFolder(root, FOLDER).folder[Symbol.dispose]();
    this.loaded = this.#load();
  }

  /** Whether a session exists. */
  has(id: string): boolean {
    return this.#find(id) !== undefined;
  }

  /** A session. */
  get(id: string): SessionRecord | undefined {
    return this.#find(id);
  }

  /** All sessions, the last changed first. */
  async lastChangedFirst(): Promise<SessionRecord[]> {
    await this.loaded;
    return [...this.#known.values()].toReversed();
  }

  /** Makes a session for its first message, or moves the one that is there to the front. */
  note(id: string, message: Pick<IncomingMessage, "text" | "replyTo">): void {
    const at = new Date().toISOString();
    const known = this.#find(id);
    if (known === undefined) this.#write(createSessionRecord(id, message, at));
    else this.#keep({ ...known, updatedAt: at });
  }

  /** Takes a session away whose first message could not be kept. */
  forget(id: string): void {
    this.#known.delete(id);
    using sessions = openFolder(this.#root, FOLDER);
    fs.rmSync(sessions.at(id), { recursive: true, force: true });
  }

  /** Adds what a finished turn used. */
  finish(id: string, finished: FinishedTurn): void {
    const known = this.#find(id);
    if (known !== undefined) this.#write(withFinishedTurn(known, finished, new Date().toISOString()));
  }

  /** Stops loading. */
  close(): Promise<void> {
    this.#isClosing = true;
    return this.loaded;
  }

  #find(id: string): SessionRecord | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const read = this.#read(id);
    if (read !== undefined) this.#known.set(id, read);
    return read;
  }

  #keep(record: SessionRecord): void {
    this.#known.delete(record.id);
    this.#known.set(record.id, record);
  }

  #write(record: SessionRecord): void {
    using folder = makeFolder(this.#root, `${FOLDER}/${record.id}`).folder;
    this.#place(record, folder);
    this.#keep(record);
  }

  #place(record: SessionRecord, folder: Folder): void {
    const staged = this.#staging.stageFast(Buffer.from(JSON.stringify(record)));
    fs.renameSync(this.#staging.folder.at(staged), folder.at(NAME));
  }

  #read(id: string): SessionRecord | undefined {
    const folder = this.#openIfThere(id);
    if (folder === undefined) return undefined;
    using opened = folder;
    const text = opened.look(NAME) === undefined ? "" : fs.readFileSync(opened.at(NAME), "utf8");
    const record = parseSessionRecord(text);
    if (record?.id === id) return record;
    return this.#mend(id, opened, text);
  }

  /** A power cut may leave a name without its bytes: the file is made again from the transcript, or goes when there is none. */
  #mend(id: string, folder: Folder, text: string): SessionRecord | undefined {
    if (folder.look("transcript.jsonl") === undefined && text === "") {
      fs.rmSync(folder.at(NAME), { force: true });
      return undefined;
    }
    const derived = deriveSessionRecord(id, this.#transcripts.readAll(id));
    this.#place(derived, folder);
    return derived;
  }

  #openIfThere(id: string): Folder | undefined {
    try {
      return openFolder(this.#root, `${FOLDER}/${id}`);
    } catch {
      return undefined;
    }
  }

  async #load(): Promise<void> {
    await new Promise(setImmediate);
    const records: SessionRecord[] = [];
    const names = this.#names();
    for (const [at, id] of names.entries()) {
      if (this.#isClosing) return;
      if (at % LOADS_PER_TURN === LOADS_PER_TURN - 1) await new Promise(setImmediate);
      const record = this.#known.has(id) ? undefined : this.#readSafely(id);
      if (record !== undefined) records.push(record);
    }
    const fresh = [...this.#known.values()];
    this.#known.clear();
    for (const record of records.toSorted((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1)))
      this.#known.set(record.id, record);
    for (const record of fresh) this.#keep(record);
  }

  #readSafely(id: string): SessionRecord | undefined {
    try {
      return this.#read(id);
    } catch {
      return undefined;
    }
  }

  #names(): string[] {
    using folder = openFolder(this.#root, FOLDER);
    return fs
      .readdirSync(folder.at("."), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  }
}
