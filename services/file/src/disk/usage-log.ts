import { type Usage, noUsage, usage } from "@matrix-os/contracts/turn/message";
import { addUsage } from "../turns/session-record.ts";
import { type Folder, makeFolder } from "./folder.ts";
import { LineFile } from "./line-file.ts";

const FOLDER = "system/usage";
const MAX_HOT = 4;

interface Day {
  readonly file: LineFile;
  total: Usage;
}

/** What each day used, one line an addition in `system/usage/<day>.jsonl`. A power cut may lose the last seconds. */
export class UsageLog implements Disposable {
  readonly #folder: Folder;
  readonly #days = new Map<string, Day>();

  constructor(root: Folder) {
    this.#folder = makeFolder(root, FOLDER).folder;
  }

  /** Adds to a day; answers its sum. Throws errnos. */
  add(name: string, more: Usage): Usage {
    const day = this.#open(name);
    if (Object.values(more).every((amount) => amount === 0)) return day.total;
    day.file.append(`${JSON.stringify(more)}\n`);
    day.total = addUsage(day.total, more);
    return day.total;
  }

  [Symbol.dispose](): void {
    for (const day of this.#days.values()) day.file[Symbol.dispose]();
    this.#folder[Symbol.dispose]();
  }

  #open(name: string): Day {
    const hot = this.#days.get(name);
    if (hot !== undefined) return hot;
    const file = new LineFile(this.#folder, `${name}.jsonl`);
    const day = { file, total: file.readLines().reduce((sum, line) => addUsage(sum, parse(line)), noUsage) };
    this.#days.set(name, day);
    const [oldest] = this.#days.keys();
    if (this.#days.size > MAX_HOT && oldest !== undefined) {
      this.#days.get(oldest)?.file[Symbol.dispose]();
      this.#days.delete(oldest);
    }
    return day;
  }
}

function parse(line: string): Usage {
  try {
    return usage.parse(JSON.parse(line));
  } catch {
    return noUsage;
  }
}
