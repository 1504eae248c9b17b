import fs from "node:fs";
import { z } from "zod";
import type { Folder } from "./folder.ts";
import type { Staging } from "./staging.ts";
import { syncAll } from "./sync.ts";

/** Arrival numbers that one write to the disk sets aside. */
const BLOCK = 1_000;
const NAME = "arrivals.json";
const schema = z.object({ reserved: z.number().int().nonnegative() });

/** Numbers messages by arrival. Blocks are set aside on the disk first, so that no number is given twice, crash or not. */
export class Arrivals {
  readonly #inbox: Folder;
  readonly #staging: Staging;
  #reserved: number;
  #last: number;
  #reserving: Promise<void> | undefined;

  /** `highest` is the highest number seen in files, in case the record is lost. */
  constructor(inbox: Folder, staging: Staging, highest: number) {
    this.#inbox = inbox;
    this.#staging = staging;
    this.#reserved = Math.max(readReserved(inbox), highest);
    this.#last = this.#reserved;
  }

  /** The next number. Throws errnos when none can be set aside. */
  async next(): Promise<number> {
    while (this.#last >= this.#reserved) await this.#reserve();
    this.#last += 1;
    if (this.#reserved - this.#last < BLOCK / 4) this.#reserve().catch(() => undefined);
    return this.#last;
  }

  #reserve(): Promise<void> {
    this.#reserving ??= this.#reserveNow().finally(() => {
      this.#reserving = undefined;
    });
    return this.#reserving;
  }

  async #reserveNow(): Promise<void> {
    const reserved = this.#reserved + BLOCK;
    const staged = await this.#staging.stage(Buffer.from(`${JSON.stringify({ reserved })}\n`));
    try {
      fs.renameSync(this.#staging.folder.at(staged), this.#inbox.at(NAME));
    } catch (thrown) {
      this.#staging.drop(staged);
      throw thrown;
    }
    await syncAll(this.#inbox.fd);
    this.#reserved = reserved;
  }
}

function readReserved(inbox: Folder): number {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(inbox.at(NAME), "utf8"))).reserved;
  } catch {
    return 0;
  }
}
