import fs from "node:fs";
import { type Taint, joinTaints, taints } from "@matrix-os/contracts/policy/taint";
import { z } from "zod";
import { type Labels, unlabelled } from "../taint/label-change.ts";
import type { Folder } from "./folder.ts";
import { LineFile } from "./line-file.ts";
import type { Staging } from "./staging.ts";

const NAME = "labels.jsonl";
const line = z.object({ path: z.string(), now: taints, ever: taints });
/** Lines beyond two for each path after which the file is written anew at the next start. */
const MAX_STALE_LINES = 10_000;

/** Labels of one path. */
export interface PathLabels extends Labels {
  readonly path: string;
}

/** Whose words files hold, by path, in `.matrix/labels.jsonl`. A path without a line is nobody's but the owner's. */
export class LabelBook implements Disposable {
  readonly #byPath = new Map<string, Labels>();
  #file: LineFile;

  /** Reads the labels of earlier runs; a torn last line is cut. */
  constructor(own: Folder, staging: Staging) {
    this.#file = new LineFile(own, NAME);
    const texts = this.#file.readLines();
    for (const text of texts) this.#learn(text);
    if (texts.length > 2 * this.#byPath.size + MAX_STALE_LINES) this.#writeAnew(own, staging);
  }

  /** The labels of a path. */
  of(path: string): Labels {
    return this.#byPath.get(path) ?? unlabelled;
  }

  /** The union of the present labels of paths. */
  union(paths: Iterable<string>): Taint[] {
    const found: (readonly Taint[])[] = [];
    for (const path of paths) {
      const { now } = this.of(path);
      if (now.length > 0) found.push(now);
    }
    return joinTaints(...found);
  }

  /** Labelled paths in a folder, and the path itself. */
  below(path: string): PathLabels[] {
    const found: PathLabels[] = [];
    for (const [at, labels] of this.#byPath)
      if (path === "" || at === path || at.startsWith(`${path}/`)) found.push({ path: at, ...labels });
    return found;
  }

  /** Notes labels at once; resolves when they are on the disk. What changes nothing costs nothing. */
  async note(wanted: readonly PathLabels[]): Promise<void> {
    const changed = wanted.filter(({ path, now, ever }) => !isSame(this.of(path), { now, ever }));
    if (changed.length === 0) return;
    for (const { path, now, ever } of changed) this.#byPath.set(path, { now, ever });
    this.#file.append(changed.map((one) => `${toLine(one)}\n`).join(""));
    await this.#file.sync();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #learn(text: string): void {
    const parsed = line.safeParse(parse(text));
    if (parsed.success) this.#byPath.set(parsed.data.path, { now: parsed.data.now, ever: parsed.data.ever });
  }

  #writeAnew(own: Folder, staging: Staging): void {
    const text = [...this.#byPath].map(([path, labels]) => `${toLine({ path, ...labels })}\n`).join("");
    const staged = staging.stageFast(Buffer.from(text));
    this.#file[Symbol.dispose]();
    fs.renameSync(staging.folder.at(staged), own.at(NAME));
    this.#file = new LineFile(own, NAME);
  }
}

function toLine({ path, now, ever }: PathLabels): string {
  return JSON.stringify({ path, now, ever });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSame(a: Labels, b: Labels): boolean {
  return (
    joinTaints(a.now).join() === joinTaints(b.now).join() && joinTaints(a.ever).join() === joinTaints(b.ever).join()
  );
}
