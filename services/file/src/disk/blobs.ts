import fs from "node:fs";
import type { JournalLine, TurnRecord } from "@matrix-os/contracts/turn/record";
import { findLargeOutput, toHash, toRestored, toStored } from "../journal/large-output.ts";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import type { Staging } from "./staging.ts";
import { syncAll } from "./sync.ts";

const HASH = /^[0-9a-f]{64}$/;

/** Large outputs of tools, each in a file beside its journal that is named by what it holds. */
export class Blobs {
  readonly #root: Folder;
  readonly #staging: Staging;

  constructor(root: Folder, staging: Staging) {
    this.#root = root;
    this.#staging = staging;
  }

  /** The records as their lines keep them; every large output is on the disk when it resolves. Nothing is waited for without one. */
  split(session: string, records: readonly TurnRecord[]): TurnRecord[] | Promise<TurnRecord[]> {
    const stored = records.map(toStored);
    const large = stored.flatMap(({ bytes }) => bytes ?? []);
    const kept = stored.map(({ record }) => record);
    return large.length === 0 ? kept : this.#write(session, large).then(() => kept);
  }

  /** A line as it was handed in. */
  restore(session: string, line: JournalLine): JournalLine {
    const output = findLargeOutput(line);
    return output === undefined ? line : toRestored(line, this.#read(session, output.hash));
  }

  async #write(session: string, outputs: readonly Buffer[]): Promise<void> {
    const { folder, made } = makeFolder(this.#root, toFolder(session));
    using blobs = folder;
    for (const bytes of outputs) {
      const name = toHash(bytes);
      if (blobs.look(name)?.size === bytes.length) continue;
      const staged = await this.#staging.stage(bytes);
      fs.renameSync(this.#staging.folder.at(staged), blobs.at(name));
    }
    await syncAll(blobs.fd);
    if (made.length > 0) await this.#syncParent(session);
  }

  async #syncParent(session: string): Promise<void> {
    using turns = openFolder(this.#root, `system/sessions/${session}/turns`);
    await syncAll(turns.fd);
  }

  #read(session: string, name: string): Buffer | undefined {
    try {
      using blobs = openFolder(this.#root, toFolder(session));
      return HASH.test(name) ? fs.readFileSync(blobs.at(name)) : undefined;
    } catch {
      return undefined;
    }
  }
}

function toFolder(session: string): string {
  return `system/sessions/${session}/turns/blobs`;
}
