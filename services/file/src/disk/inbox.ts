import fs from "node:fs";
import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { type IncomingMessage, type StoredMessage, storedMessage } from "@matrix-os/contracts/turn/message";
import { ArrivalOrder } from "../turns/arrival-order.ts";
import { OpenTurns } from "../turns/open-turns.ts";
import { Arrivals } from "./arrivals.ts";
import { toErrno } from "./disk-error.ts";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import type { Staging } from "./staging.ts";
import { syncAll } from "./sync.ts";

const INBOX = "system/inbox";
const OPEN = "system/open";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** How long a redelivered message is still known by its key. */
const DEDUP_DAYS = 30;
const MAX_OPEN = 10_000;
/** Messages of one session that may wait behind its running turn. */
const MAX_WAITING = 100;
const STOP = ".stop";

/** What accepting a message answers. */
export interface Accepted {
  readonly session: string;
  readonly arrival: number;
  readonly duplicate: boolean;
  /** Turns that it interrupts. */
  readonly interrupted?: string[];
}

/** Whom the inbox asks and tells. */
interface InboxSurroundings {
  readonly problem: (summary: string, cause?: unknown) => void;
  /** Whether a message has a turn of its own, or was answered by another one. */
  readonly hasBegun: (session: string, key: string) => boolean;
}

/** Accepted messages: one immutable file each, and a marker for each turn that has not ended. */
export class Inbox {
  readonly open = new OpenTurns();
  readonly #root: Folder;
  readonly #staging: Staging;
  readonly #arrivals: Arrivals;
  readonly #dayOfKey = new Map<string, string>();
  readonly #storing = new Map<string, Promise<Accepted>>();
  readonly #order = new ArrivalOrder();
  readonly #around: InboxSurroundings;
  /** Messages that are being stored, by session. */
  readonly #arriving = new Map<string, number>();

  /** Reads the markers of open turns and the names of the last 30 days. */
  constructor(root: Folder, staging: Staging, around: InboxSurroundings) {
    this.#root = root;
    this.#staging = staging;
    this.#around = around;
    const inbox = makeFolder(root, INBOX).folder;
    makeFolder(root, OPEN).folder[Symbol.dispose]();
    const days = fs
      .readdirSync(inbox.at("."))
      .filter((name) => DAY.test(name))
      .toSorted();
    for (const day of days.slice(-DEDUP_DAYS)) this.#learnDay(day);
    this.#learnOpen();
    this.#arrivals = new Arrivals(inbox, staging, this.#highestArrival(days));
  }

  /** Whether a message with this key was accepted, or is being accepted now. */
  knows(key: string): boolean {
    return this.#dayOfKey.has(key) || this.#storing.has(key);
  }

  /** Keeps a message for good; the same key again answers the first arrival. */
  store(key: string, session: string, message: IncomingMessage): Promise<Accepted> {
    const storing = this.#storing.get(key);
    if (storing !== undefined) return storing.then((first) => this.#share(key, first));
    const day = this.#dayOfKey.get(key);
    if (day !== undefined) return this.#storeAgain(this.read(key, day), day);
    if (this.open.size >= MAX_OPEN)
      return Promise.reject(unavailable("busy", "too many turns are open", { retryAfterMs: 5_000 }));
    const arriving = this.#arriving.get(session) ?? 0;
    if (this.open.ofSession(session).length + arriving > MAX_WAITING) {
      const detail = { field: "session", retryAfterMs: 5_000 };
      return Promise.reject(rejected("busy", `${MAX_WAITING} messages of this session wait already`, detail));
    }
    this.#arriving.set(session, arriving + 1);
    const stored = this.#storeNew(key, session, message).finally(() => this.#forgetArriving(key, session));
    this.#storing.set(key, stored);
    return stored;
  }

  #forgetArriving(key: string, session: string): void {
    this.#storing.delete(key);
    const others = (this.#arriving.get(session) ?? 1) - 1;
    if (others === 0) this.#arriving.delete(session);
    else this.#arriving.set(session, others);
  }

  /** Who repeats a message is told that it is accepted: from then on it can't be withdrawn. */
  #share(key: string, first: Accepted): Accepted {
    const entry = this.open.get(key);
    if (entry !== undefined) entry.isShared = true;
    return { ...first, duplicate: true };
  }

  /** Takes a message back that nobody was told about; false when it may have been begun, joined or told by now. */
  async withdraw(key: string): Promise<boolean> {
    const entry = this.open.get(key);
    const day = this.#dayOfKey.get(key);
    if (entry === undefined || day === undefined || entry.isShared === true) return false;
    if (this.open.mayHaveJoined(entry) || this.#around.hasBegun(entry.message.session, key)) return false;
    // In this order: a marker alone would be a turn, an inbox file alone is only remembered.
    this.close(key);
    this.#dayOfKey.delete(key);
    using inbox = this.#openDay(day);
    fs.rmSync(inbox.at(`${key}.json`), { force: true });
    using open = openFolder(this.#root, OPEN);
    await Promise.all([syncAll(open.fd), syncAll(inbox.fd)]);
    return true;
  }

  /** A crash between the inbox file and its open marker left a message that nobody would answer: its redelivery opens it. */
  async #storeAgain(stored: StoredMessage, day: string): Promise<Accepted> {
    const { key, session, arrival } = stored;
    if (this.open.get(key) === undefined && !this.#around.hasBegun(session, key)) {
      using inbox = this.#openDay(day);
      using open = openFolder(this.#root, OPEN);
      linkOrCopy(inbox.at(`${key}.json`), open.at(key));
      this.#addOpen(stored);
      await syncAll(open.fd);
    }
    return this.#share(key, { session, arrival, duplicate: true });
  }

  #addOpen(stored: StoredMessage): void {
    const size = JSON.stringify(stored).length;
    this.open.add({ message: stored, size, openedAtMs: Date.parse(stored.at), stopRequested: false });
  }

  /** The inbox file of a key. Errors: `not-found`. */
  read(key: string, day = this.#dayOfKey.get(key) ?? ""): StoredMessage {
    using folder = openFolder(this.#root, `${INBOX}/${day}`);
    return storedMessage.parse(JSON.parse(fs.readFileSync(folder.at(`${key}.json`), "utf8")));
  }

  /** Marks the open turns of a session as to be stopped. */
  async requestStop(session: string): Promise<string[]> {
    const turns = this.open.ofSession(session);
    if (turns.length === 0) return [];
    using folder = openFolder(this.#root, OPEN);
    for (const turn of turns) {
      fs.closeSync(fs.openSync(folder.at(`${turn.message.key}${STOP}`), "w", 0o644));
      turn.stopRequested = true;
    }
    await syncAll(folder.fd);
    return turns.map((turn) => turn.message.key);
  }

  /** Takes the marker of an ended turn away. A crash may bring it back; the journal knows that it ended. */
  close(key: string): void {
    using folder = openFolder(this.#root, OPEN);
    for (const name of this.open.get(key)?.stopRequested === false ? [key] : [key, `${key}${STOP}`]) {
      fs.rmSync(folder.at(name), { force: true });
    }
    this.open.delete(key);
  }

  async #storeNew(key: string, session: string, message: IncomingMessage): Promise<Accepted> {
    const arrival = await this.#arrivals.next();
    // A later message that is on the disk earlier must not be seen, and begun, before this one.
    const { turn, leave } = this.#order.enter(session);
    try {
      const stored = await this.#keep({ key, session, arrival, at: new Date().toISOString(), ...message });
      await turn;
      this.#dayOfKey.set(key, stored.at.slice(0, 10));
      this.#addOpen(stored);
      return { session, arrival, duplicate: false, ...this.#toInterrupted(stored) };
    } finally {
      leave();
    }
  }

  #toInterrupted({ mode, session, arrival }: StoredMessage): Pick<Accepted, "interrupted"> {
    if (mode !== "interrupt") return {};
    const before = this.open.ofSession(session).filter(({ message }) => message.arrival < arrival);
    return { interrupted: before.map(({ message }) => message.key) };
  }

  async #keep(stored: StoredMessage): Promise<StoredMessage> {
    const staged = await this.#staging.stage(Buffer.from(JSON.stringify(stored)));
    try {
      await this.#publish(staged, stored.key, stored.at.slice(0, 10));
      return stored;
    } finally {
      this.#staging.drop(staged);
    }
  }

  async #publish(staged: string, key: string, day: string): Promise<void> {
    using inbox = this.#openDay(day);
    using open = openFolder(this.#root, OPEN);
    const source = this.#staging.folder.at(staged);
    try {
      linkOrCopy(source, inbox.at(`${key}.json`));
      linkOrCopy(source, open.at(key));
      await Promise.all([syncAll(inbox.fd), syncAll(open.fd)]);
    } catch (thrown) {
      fs.rmSync(open.at(key), { force: true });
      if (toErrno(thrown) !== "EEXIST") fs.rmSync(inbox.at(`${key}.json`), { force: true });
      throw thrown;
    }
  }

  #openDay(day: string): Folder {
    const { folder, made } = makeFolder(this.#root, `${INBOX}/${day}`);
    if (made.length > 0) {
      using inbox = openFolder(this.#root, INBOX);
      fs.fsyncSync(inbox.fd);
    }
    return folder;
  }

  #learnDay(day: string): void {
    using folder = openFolder(this.#root, `${INBOX}/${day}`);
    for (const name of fs.readdirSync(folder.at("."))) {
      if (name.endsWith(".json")) this.#dayOfKey.set(name.slice(0, -5), day);
    }
  }

  #learnOpen(): void {
    using folder = openFolder(this.#root, OPEN);
    const names = new Set(fs.readdirSync(folder.at(".")));
    for (const name of names) {
      if (name.endsWith(STOP)) {
        if (!names.has(name.slice(0, -STOP.length))) fs.rmSync(folder.at(name), { force: true });
        continue;
      }
      this.#learnMarker(folder, name, names.has(`${name}${STOP}`));
    }
  }

  #learnMarker(folder: Folder, key: string, stopRequested: boolean): void {
    try {
      const text = fs.readFileSync(folder.at(key), "utf8");
      const message = storedMessage.parse(JSON.parse(text));
      this.open.add({ message, size: text.length, openedAtMs: Date.parse(message.at), stopRequested });
    } catch (cause) {
      this.#dropTorn(folder, key, cause);
    }
  }

  /** Only a power cut before the answer can leave a torn message: nobody was told that it was accepted. */
  #dropTorn(folder: Folder, key: string, cause: unknown): void {
    this.#around.problem(`an unreadable message (${key}) was set aside`, cause);
    const day = this.#dayOfKey.get(key);
    this.#dayOfKey.delete(key);
    fs.renameSync(folder.at(key), this.#staging.folder.at(`torn-${key}`));
    if (day === undefined) return;
    using inbox = openFolder(this.#root, `${INBOX}/${day}`);
    fs.rmSync(inbox.at(`${key}.json`), { force: true });
  }

  /** Looks at the newest day only when the record of numbers is lost. */
  #highestArrival(days: readonly string[]): number {
    using inbox = openFolder(this.#root, INBOX);
    const day = days.at(-1);
    if (day === undefined || inbox.look("arrivals.json") !== undefined) return 0;
    const keys = [...this.#dayOfKey].filter(([, of]) => of === day).map(([key]) => key);
    return Math.max(0, ...keys.map((key) => this.#arrivalOf(key, day)));
  }

  #arrivalOf(key: string, day: string): number {
    try {
      return this.read(key, day).arrival;
    } catch {
      return 0;
    }
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (thrown) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV"].includes(toErrno(thrown) ?? "")) throw thrown;
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);
    const fd = fs.openSync(to, "r");
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }
}
