import fs from "node:fs";
import { type SessionSummary, sessionSummary } from "@matrix-os/contracts/turn/message";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import type { Staging } from "./staging.ts";

const FOLDER = "system/sessions";
const NAME = "summary.json";

/** Summaries of sessions, one `summary.json` each. One that is lost or can't be read is made again from the transcript. */
export class Summaries {
  readonly #root: Folder;
  readonly #staging: Staging;

  constructor(root: Folder, staging: Staging) {
    this.#root = root;
    this.#staging = staging;
  }

  /** A session's summary, if it has a good one. */
  read(session: string): SessionSummary | undefined {
    try {
      using folder = openFolder(this.#root, `${FOLDER}/${session}`);
      return sessionSummary.parse(JSON.parse(fs.readFileSync(folder.at(NAME), "utf8")));
    } catch {
      return undefined;
    }
  }

  /** Replaces a session's summary as a whole. Throws errnos. */
  write(session: string, summary: SessionSummary): void {
    using folder = makeFolder(this.#root, `${FOLDER}/${session}`).folder;
    const staged = this.#staging.stageFast(Buffer.from(JSON.stringify(summary)));
    fs.renameSync(this.#staging.folder.at(staged), folder.at(NAME));
  }
}
