import fs from "node:fs";
import { rejected } from "@matrix-os/contracts/errors";
import { z } from "zod";
import type { Folder } from "./folder.ts";
import type { Staging } from "./staging.ts";
import { syncAll } from "./sync.ts";

const NAME = "leads.json";
const schema = z.record(z.string(), z.object({ epoch: z.number().int().positive(), owner: z.string() }));

/** Who leads a role, under which epoch: the fence of led writes. */
export class Leads {
  readonly #folder: Folder;
  readonly #staging: Staging;
  #leads: z.infer<typeof schema>;

  constructor(folder: Folder, staging: Staging) {
    this.#folder = folder;
    this.#staging = staging;
    this.#leads = read(folder);
  }

  /** Gives a role to somebody under a new epoch, which is on the disk when it resolves. */
  async take(role: string, owner: string): Promise<number> {
    const epoch = (this.#leads[role]?.epoch ?? 0) + 1;
    // From here on the one before is refused, also if this can't be written.
    this.#leads = { ...this.#leads, [role]: { epoch, owner } };
    const staged = await this.#staging.stage(Buffer.from(JSON.stringify(this.#leads)));
    try {
      fs.renameSync(this.#staging.folder.at(staged), this.#folder.at(NAME));
    } catch (thrown) {
      this.#staging.drop(staged);
      throw thrown;
    }
    await syncAll(this.#folder.fd);
    return epoch;
  }

  /** Throws `stale-epoch` unless this is the epoch of whoever leads the role now. */
  assertLeads(role: string, epoch: number): void {
    const now = this.#leads[role]?.epoch ?? 0;
    if (epoch !== now)
      throw rejected("stale-epoch", `epoch ${epoch} is over; ${role} is at ${now}`, { field: "epoch" });
  }
}

function read(folder: Folder): z.infer<typeof schema> {
  if (folder.look(NAME) === undefined) return {};
  return schema.parse(JSON.parse(fs.readFileSync(folder.at(NAME), "utf8")));
}
