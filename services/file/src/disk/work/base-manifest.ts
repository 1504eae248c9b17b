import fs from "node:fs";
import { z } from "zod";
import { type PathState, pathState } from "../../change/path-state.ts";
import { toErrno } from "../disk-error.ts";
import type { Folder } from "../folder.ts";

/** One path as it went out: what it was, and how to tell without reading that neither side has changed since. */
export interface BaseEntry {
  readonly state: PathState;
  /** Of the file in the home; missing when it may have changed within the disk's own clock tick. */
  readonly home?: Stamp | undefined;
  /** Of the copy. */
  readonly work?: Stamp | undefined;
}

/** A file's stamp and when its inode changed last. */
export interface Stamp {
  readonly mark: string;
  readonly changedAtMs: number;
}

/** What stood in the home when it was copied, by path below the folder; the empty path is the folder itself. */
export interface BaseManifest {
  readonly folder: string;
  readonly entries: Map<string, BaseEntry>;
}

const NAME = "base.json";
/** The coarsest clock that disks take their times from. */
const TICK_MS = 20;

const stamp = z.object({ mark: z.string(), changedAtMs: z.number() });
const schema = z.object({
  folder: z.string(),
  entries: z.array(
    z.tuple([z.string(), z.object({ state: pathState, home: stamp.optional(), work: stamp.optional() })]),
  ),
});

/** What stands beside the copy, or `undefined` when nothing does or it is torn: then everything is copied anew. Throws errnos. */
export function readBase(workspace: Folder): BaseManifest | undefined {
  try {
    const { folder, entries } = schema.parse(JSON.parse(fs.readFileSync(workspace.at(NAME), "utf8")));
    return { folder, entries: new Map(entries) };
  } catch (thrown) {
    if (toErrno(thrown) === undefined || toErrno(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Keeps the manifest, whole or not at all. Throws errnos. */
export function keepBase(workspace: Folder, base: BaseManifest): void {
  const settledBefore = Date.now() - TICK_MS;
  const isSettled = (one: Stamp | undefined) => one !== undefined && one.changedAtMs < settledBefore;
  const entries = [...base.entries].map(([path, entry]) => [
    path,
    {
      state: entry.state,
      home: isSettled(entry.home) ? entry.home : undefined,
      work: isSettled(entry.work) ? entry.work : undefined,
    },
  ]);
  fs.writeFileSync(workspace.at(`${NAME}.next`), JSON.stringify({ folder: base.folder, entries }), { mode: 0o600 });
  fs.renameSync(workspace.at(`${NAME}.next`), workspace.at(NAME));
}

/** When a workspace was last checked out or in. */
export function lastUsedMs(workspace: Folder): number {
  return workspace.look(NAME)?.mtimeMs ?? 0;
}
