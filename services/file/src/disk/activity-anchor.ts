import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { ActivityHead } from "../journal/activity-chain.ts";

const anchorFile = z.object({ home: z.string(), day: z.string(), line: z.number().int(), link: z.string() });

/** Keeps the last line of the activity log known outside the home, so that cutting the log's end is noticed. */
export class ActivityAnchor {
  readonly #file: string;
  readonly #home: string;

  /** `stateDir` is made when it is missing. */
  constructor(stateDir: string, home: string) {
    fs.mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    this.#file = path.join(stateDir, "activity-head.json");
    this.#home = home;
  }

  /** What was kept last for this home. */
  read(): ActivityHead | undefined {
    try {
      const { home, ...head } = anchorFile.parse(JSON.parse(fs.readFileSync(this.#file, "utf8")));
      return home === this.#home ? head : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a head, whole or not at all. Throws errnos. */
  write(head: ActivityHead): void {
    const draft = `${this.#file}.new`;
    fs.writeFileSync(draft, JSON.stringify({ home: this.#home, ...head }), { mode: 0o600 });
    fs.renameSync(draft, this.#file);
  }
}
