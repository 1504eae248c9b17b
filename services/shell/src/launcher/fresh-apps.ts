import type { Change } from "@matrix-os/contracts/file/written.event";

/** A new app that is being written. */
export interface FreshApp {
  readonly session: string;
  /** Its files so far, relative to its folder. */
  readonly files: ReadonlySet<string>;
}

/** New apps that wait for their last file, by name. */
export type FreshApps = ReadonlyMap<string, FreshApp>;

/** Of the first paths of a change-set: which apps it touches. */
export function toTouchedApps(change: Change): string[] {
  const apps = change.paths.flatMap(({ path }) => toAppFile(path)?.app ?? []);
  return [...new Set(apps)];
}

/** The apps that wait after a change: one that gets its `app.json` from a turn begins to wait, its further files are noted. */
export function noteFreshFiles(fresh: FreshApps, change: Change): FreshApps {
  const { session, turn } = change.origin;
  if (session === undefined || turn === undefined) return fresh;
  const next = new Map(fresh);
  for (const { path, kind } of change.paths) {
    const at = toAppFile(path);
    if (at === undefined || kind === "deleted") continue;
    const known = next.get(at.app);
    if (known !== undefined) next.set(at.app, { ...known, files: new Set([...known.files, at.file]) });
    else if (kind === "created") next.set(at.app, { session, files: new Set([at.file]) });
  }
  return next;
}

/** Whether an app can be shown: its manifest and its first page are there. */
export function isComplete(fresh: FreshApp, entry: string): boolean {
  return fresh.files.has("app.json") && fresh.files.has(entry);
}

function toAppFile(path: string): { readonly app: string; readonly file: string } | undefined {
  const [root, app, ...rest] = path.split("/");
  return root === "apps" && app !== undefined && rest.length > 0 ? { app, file: rest.join("/") } : undefined;
}
