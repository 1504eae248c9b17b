import fs from "node:fs";
import type { Origin } from "@matrix-os/contracts/define";
import { origin, token } from "@matrix-os/contracts/values";
import { z } from "zod";
import { type PathState, pathState } from "../../change/path-state.ts";
import type { Folder } from "../folder.ts";

const NAME = "pending.json";

const pending = z.object({
  seq: z.number().int().positive(),
  origin,
  paths: z.array(z.string()),
  reverses: token.optional(),
  whole: z.array(z.object({ path: z.string(), before: pathState.optional(), after: pathState.optional() })).optional(),
});

/** What is noted of a change: whose it is, which paths it may touch, which entry it takes back. */
export interface Noted {
  readonly origin: Origin;
  readonly paths: readonly string[];
  readonly reverses?: string | undefined;
  /** For a change of which no part may stay alone: each path with what it was and what it becomes. */
  readonly whole?: WholeChange | undefined;
}

/** What each path of a change was, as the newest snapshot holds it, and what it becomes. */
export type WholeChange = readonly {
  readonly path: string;
  readonly before?: PathState | undefined;
  readonly after?: PathState | undefined;
}[];

/** The change that is being made, in `.matrix/pending.json`: what it had done when the process was killed is still its own. */
export class PendingChange {
  readonly #folder: Folder;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** Notes a change before its first effect; the next one takes its place. A whole one is on the disk when it returns. Throws errnos. */
  note(seq: number, { origin, paths, reverses, whole }: Noted): void {
    const flush = whole !== undefined;
    fs.writeFileSync(this.#folder.at(NAME), JSON.stringify({ seq, origin, paths, reverses, whole }), { flush });
  }

  /** Forgets the change: it was taken back. */
  clear(): void {
    fs.rmSync(this.#folder.at(NAME), { force: true });
  }

  /** The change noted last, unless it is recorded up to this number or its note is torn: then it had no effect yet. */
  readAfter(newest: number): Noted | undefined {
    try {
      const noted = pending.parse(JSON.parse(fs.readFileSync(this.#folder.at(NAME), "utf8")));
      return noted.seq > newest ? noted : undefined;
    } catch {
      return undefined;
    }
  }
}
