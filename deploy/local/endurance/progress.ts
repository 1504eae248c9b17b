import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What earlier calls have finished, so that a long proof can be broken off and gone on with. */
export interface Progress {
  readonly seed: number;
  readonly isDone: (part: string) => boolean;
  /** Notes a part that passed. One that failed is run again by the next call. */
  readonly finish: (part: string) => void;
}

/** Opens what is remembered in a folder for a seed; without one the last seed goes on, or a new one begins. */
export function openProgress(folder: string, wanted: number | undefined, fresh: number): Progress {
  mkdirSync(folder, { recursive: true });
  const last = Number(readText(join(folder, "seed")));
  const seed = wanted ?? (last > 0 ? last : fresh);
  writeFileSync(join(folder, "seed"), String(seed));
  const path = join(folder, `done-${seed}`);
  const done = new Set(readText(path).split("\n"));
  return {
    seed,
    isDone: (part) => done.has(part),
    finish: (part) => {
      done.add(part);
      writeFileSync(path, [...done].filter((name) => name !== "").join("\n"));
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
