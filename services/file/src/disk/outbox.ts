import fs from "node:fs";
import { rejected } from "@matrix-os/contracts/errors";
import { type OutboxPart, type PartOutcome, type StoredPart, storedPart } from "@matrix-os/contracts/turn/outbox";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import type { TurnName } from "./journals.ts";
import type { Staging } from "./staging.ts";
import { syncAll } from "./sync.ts";

const OUTBOX = "system/outbox";
/** `<turn>.<n>.json` waits; with `.sent` or `.dead` before the ending it is settled. */
const WAITING = /^[A-Za-z0-9_-]+\.\d+\.json$/;
const MAX_PAGE_BYTES = 200_000;

/** Names one part. */
export interface PartName {
  readonly channel: string;
  readonly turn: string;
  readonly n: number;
}

/** Answers on their way to channels: `system/outbox/<channel>/<turn>.<n>.json`. */
export class Outbox {
  readonly #root: Folder;
  readonly #staging: Staging;
  /** Parts that wait, in the order they were written. */
  readonly #waiting = new Map<string, StoredPart>();
  #lastSeq = 0;

  /** Reads the parts that wait. */
  constructor(root: Folder, staging: Staging, problem: (summary: string, cause?: unknown) => void) {
    this.#root = root;
    this.#staging = staging;
    using outbox = makeFolder(root, OUTBOX).folder;
    const channels = fs.readdirSync(outbox.at("."), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const found = channels.flatMap(({ name }) => this.#learn(name, problem));
    for (const part of found.toSorted((a, b) => a.seq - b.seq)) this.#keep(part);
  }

  /** Writes the parts of an answer; on the disk when it resolves. The same again is harmless, also when they are sent. */
  async write(name: TurnName, parts: readonly OutboxPart[]): Promise<void> {
    const at = new Date().toISOString();
    const stored = parts
      .map((part): StoredPart => ({ ...part, ...name, at, seq: (this.#lastSeq += 1) }))
      .filter((part) => !this.#isThere(part));
    await Promise.all(stored.map((part) => this.#put(toName(part), "json", part)));
    for (const part of stored) this.#keep(part);
  }

  /** A page of the parts that wait, in the order they were written. */
  list(afterSeq: number, limit: number): { readonly parts: StoredPart[]; readonly more: boolean } {
    const parts: StoredPart[] = [];
    let bytes = 0;
    for (const part of this.#waiting.values()) {
      if (part.seq <= afterSeq) continue;
      bytes += JSON.stringify(part).length;
      if (parts.length === limit || (parts.length > 0 && bytes > MAX_PAGE_BYTES)) return { parts, more: true };
      parts.push(part);
    }
    return { parts, more: false };
  }

  /** Writes down what came of a part; the part when it was waiting. Errors: `not-found`. */
  async settle(name: PartName, outcome: PartOutcome): Promise<StoredPart | undefined> {
    const part = this.#waiting.get(toKey(name));
    if (part === undefined) {
      if (this.#isSettled(name)) return undefined;
      throw rejected("not-found", "the outbox has no such part", { field: "n" });
    }
    await this.#put(name, `${outcome.kind}.json`, { ...part, settledAt: new Date().toISOString(), outcome });
    using folder = openFolder(this.#root, toFolder(name.channel));
    // A crash may bring it back: the settled one beside it counts.
    fs.rmSync(folder.at(toFile(name, "json")), { force: true });
    this.#waiting.delete(toKey(name));
    return part;
  }

  #learn(channel: string, problem: (summary: string, cause?: unknown) => void): StoredPart[] {
    using folder = openFolder(this.#root, toFolder(channel));
    const names = new Set(fs.readdirSync(folder.at(".")));
    return [...names].flatMap((name) => {
      if (!WAITING.test(name)) return [];
      const stem = name.slice(0, -"json".length);
      if (names.has(`${stem}sent.json`) || names.has(`${stem}dead.json`)) {
        fs.rmSync(folder.at(name), { force: true });
        return [];
      }
      try {
        return [storedPart.parse(JSON.parse(fs.readFileSync(folder.at(name), "utf8")))];
      } catch (cause) {
        problem(`a part of an answer can't be read (${channel}/${name})`, cause);
        return [];
      }
    });
  }

  #keep(part: StoredPart): void {
    this.#waiting.set(toKey(toName(part)), part);
    this.#lastSeq = Math.max(this.#lastSeq, part.seq);
  }

  #isThere(part: StoredPart): boolean {
    return this.#waiting.has(toKey(toName(part))) || this.#isSettled(toName(part));
  }

  #isSettled(name: PartName): boolean {
    using folder = makeFolder(this.#root, toFolder(name.channel)).folder;
    return ["sent.json", "dead.json"].some((ending) => folder.look(toFile(name, ending)) !== undefined);
  }

  async #put(name: PartName, ending: string, content: object): Promise<void> {
    const staged = await this.#staging.stage(Buffer.from(JSON.stringify(content)));
    const { folder, made } = makeFolder(this.#root, toFolder(name.channel));
    using opened = folder;
    try {
      fs.renameSync(this.#staging.folder.at(staged), opened.at(toFile(name, ending)));
    } catch (thrown) {
      this.#staging.drop(staged);
      throw thrown;
    }
    if (made.length > 0) {
      using outbox = openFolder(this.#root, OUTBOX);
      await syncAll(outbox.fd);
    }
    await syncAll(opened.fd);
  }
}

function toName({ to, turn, n }: StoredPart): PartName {
  return { channel: to.channel, turn, n };
}

function toKey({ channel, turn, n }: PartName): string {
  return `${channel}/${turn}.${n}`;
}

function toFile({ turn, n }: PartName, ending: string): string {
  return `${turn}.${n}.${ending}`;
}

function toFolder(channel: string): string {
  return `${OUTBOX}/${channel}`;
}
