import { type Answer, answer } from "@matrix-os/contracts/policy/question";
import { type Folder, makeFolder, openFolder } from "./folder.ts";
import type { TurnName } from "./journals.ts";
import { LineFile } from "./line-file.ts";
import { syncAll } from "./sync.ts";

/** What the owner answered, beside each turn's journal: `turns/<turn>.answers.jsonl`. Kept for good. */
export class Answers {
  readonly #root: Folder;

  constructor(root: Folder) {
    this.#root = root;
  }

  /** Keeps an answer; on the disk when it resolves. */
  async keep(name: TurnName, given: Answer): Promise<void> {
    using folder = makeFolder(this.#root, toFolder(name)).folder;
    using file = new LineFile(folder, toFile(name));
    file.readLines();
    file.append(`${JSON.stringify(given)}\n`);
    await file.sync();
    await syncAll(folder.fd);
  }

  /** All answers of a turn; what can't be read is none. */
  read(name: TurnName): Answer[] {
    using folder = openFolder(this.#root, toFolder(name));
    if (folder.look(toFile(name)) === undefined) return [];
    using file = new LineFile(folder, toFile(name));
    return file.readLines().flatMap((text) => {
      const parsed = answer.safeParse(parse(text));
      return parsed.success ? [parsed.data] : [];
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toFolder({ session }: TurnName): string {
  return `system/sessions/${session}/turns`;
}

function toFile({ turn }: TurnName): string {
  return `${turn}.answers.jsonl`;
}
