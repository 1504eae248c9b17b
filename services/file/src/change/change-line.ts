import { type Change, change } from "@matrix-os/contracts/file/written.event";
import { token } from "@matrix-os/contracts/values";
import { z } from "zod";

const changeLine = change.extend({
  /** The commit whose tree is the home after this change; missing when the history was lost. */
  commit: z.string().optional(),
  /** The history entry that this change takes back. */
  reverses: token.optional(),
});

/** One line of the change log: what listeners get, and where the history has it. */
export type ChangeLine = z.infer<typeof changeLine>;

/** The line in this text, or `undefined` when it is torn or damaged. */
export function parseChangeLine(text: string): ChangeLine | undefined {
  try {
    return changeLine.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The part of a line that listeners get. */
export function toChange(line: ChangeLine): Change {
  const { seq, change: id, at, origin, paths, pathCount } = line;
  return { seq, change: id, at, origin, paths, pathCount };
}

/** Most paths that one change names. */
const MAX_PATHS = 200;
/** Characters of paths that fit a bus message beside the rest, quoting included. */
const MAX_PATH_CHARS = 100_000;

/** The first paths of a change, few enough for one bus message. */
export function clipPaths<Item extends { readonly path: string }>(
  paths: readonly Item[],
  maxChars = MAX_PATH_CHARS,
): Item[] {
  const kept: Item[] = [];
  let chars = 0;
  for (const item of paths) {
    chars += Buffer.byteLength(JSON.stringify(item.path)) + 120;
    if (kept.length === MAX_PATHS || chars > maxChars) break;
    kept.push(item);
  }
  return kept;
}
