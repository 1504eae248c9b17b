import fs from "node:fs";
import type { z } from "zod";
import type { replyTarget } from "@matrix-os/contracts/turn/message";
import { type Folder, makeFolder } from "./folder.ts";
import type { Staging } from "./staging.ts";
import { syncAll } from "./sync.ts";
import type { TurnName } from "./journals.ts";

/** A part of an answer on its way to a channel. */
export interface OutboxPart {
  readonly to: z.infer<typeof replyTarget>;
  readonly n: number;
  readonly text: string;
}

/** Answers on their way to channels: `system/outbox/<channel>/<turn>.<n>.json`. */
export class Outbox {
  readonly #root: Folder;
  readonly #staging: Staging;

  constructor(root: Folder, staging: Staging) {
    this.#root = root;
    this.#staging = staging;
  }

  /** Writes the parts of an answer; on the disk when it resolves. The same again is harmless. */
  async write(name: TurnName, parts: readonly OutboxPart[]): Promise<void> {
    await Promise.all(parts.map((part) => this.#writePart(name, part)));
    const folders = [...new Set(parts.map(({ to }) => to.channel))].map(
      (channel) => makeFolder(this.#root, toFolder(channel)).folder,
    );
    try {
      await Promise.all(folders.map((folder) => syncAll(folder.fd)));
    } finally {
      for (const folder of folders) folder[Symbol.dispose]();
    }
  }

  async #writePart(name: TurnName, part: OutboxPart): Promise<void> {
    const text = JSON.stringify({ turn: name.turn, session: name.session, ...part });
    const staged = await this.#staging.stage(Buffer.from(text));
    try {
      using folder = makeFolder(this.#root, toFolder(part.to.channel)).folder;
      fs.renameSync(this.#staging.folder.at(staged), folder.at(`${name.turn}.${part.n}.json`));
    } catch (thrown) {
      this.#staging.drop(staged);
      throw thrown;
    }
  }
}

function toFolder(channel: string): string {
  return `system/outbox/${channel}`;
}
