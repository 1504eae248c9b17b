import { type FolderManifest, parseManifest, plainManifest } from "../../change/folder-manifest.ts";
import { type PathState, fromGitMode } from "../../change/path-state.ts";
import type { TreeItem } from "../../git/fast-import-text.ts";
import type { HistoryRepository, TreeDifference } from "../../git/history-repository.ts";
import { MANIFEST_NAME, foldersAbove, joinPath, splitPath } from "../../home-path/home-rules.ts";

/** What stood at a path before and after a commit touched it. */
export interface Touch {
  readonly before: PathState | undefined;
  readonly after: PathState | undefined;
}

/** Every path that these commits touched, with each touch in order; folders whose permissions or existence changed count too. */
export async function readTouches(
  repository: HistoryRepository,
  commits: readonly string[],
): Promise<Map<string, Touch[]>> {
  const touches = new Map<string, Touch[]>();
  for (const commit of commits) {
    for (const [path, touch] of await readCommitTouches(repository, commit))
      touches.set(path, [...(touches.get(path) ?? []), touch]);
  }
  await addNewFolders(repository, touches, commits.at(-1));
  return touches;
}

/** A file that went may have become a folder by what was put below it later, which no difference of its own shows. */
async function addNewFolders(
  repository: HistoryRepository,
  touches: Map<string, Touch[]>,
  last: string | undefined,
): Promise<void> {
  const folders = new Set([...touches.keys()].flatMap(foldersAbove));
  for (const [path, of] of touches) {
    if (!folders.has(path) || of.at(-1)?.after !== undefined) continue;
    const after = await repository.state(last, path);
    if (after?.type === "folder") of.push({ before: undefined, after });
  }
}

interface Sides {
  readonly repository: HistoryRepository;
  readonly before: string | undefined;
  readonly after: string;
  readonly manifests: Map<string, Promise<FolderManifest>>;
}

async function readCommitTouches(repository: HistoryRepository, commit: string): Promise<Map<string, Touch>> {
  const parent = (await repository.readCommit(commit))?.parent;
  const sides: Sides = { repository, before: parent, after: commit, manifests: new Map() };
  const differences = await repository.changesOf(commit);
  const touches = new Map<string, Touch>();
  const folders = new Set(differences.flatMap(({ path }) => foldersAbove(path)));
  for (const { path, before, after } of differences) {
    if (splitPath(path).name === MANIFEST_NAME) continue;
    // Where a file became a folder (or the other way round) the tree's own difference tells half of it.
    if (folders.has(path))
      touches.set(path, { before: await repository.state(parent, path), after: await repository.state(commit, path) });
    else
      touches.set(path, {
        before: await toState(sides, { path, item: before, side: "before" }),
        after: await toState(sides, { path, item: after, side: "after" }),
      });
  }
  for (const difference of differences.filter(({ path }) => splitPath(path).name === MANIFEST_NAME)) {
    for (const path of await readManifestPaths(repository, difference)) {
      if (!touches.has(path))
        touches.set(path, {
          before: await repository.state(parent, path),
          after: await repository.state(commit, path),
        });
    }
  }
  return touches;
}

/** The folder itself, and its files whose noted permissions changed. */
async function readManifestPaths(
  repository: HistoryRepository,
  { path, before, after }: TreeDifference,
): Promise<string[]> {
  const { folder } = splitPath(path);
  const left = await readManifest(repository, before);
  const right = await readManifest(repository, after);
  const names = new Set([...left.files.keys(), ...right.files.keys()]);
  const changed = [...names]
    .filter((name) => left.files.get(name) !== right.files.get(name))
    .map((name) => joinPath(folder, name));
  return folder === "" ? changed : [folder, ...changed];
}

async function readManifest(repository: HistoryRepository, item: TreeItem | undefined): Promise<FolderManifest> {
  return item === undefined ? plainManifest : parseManifest((await repository.blob(item.id)).toString("utf8"));
}

async function toState(
  sides: Sides,
  at: { path: string; item: TreeItem | undefined; side: "before" | "after" },
): Promise<PathState | undefined> {
  if (at.item === undefined) return undefined;
  if (at.item.mode === "120000") return { type: "link", blob: at.item.id };
  const { folder, name } = splitPath(at.path);
  const key = `${at.side}:${folder}`;
  const manifest = sides.manifests.get(key) ?? sides.repository.manifest(sides[at.side], folder);
  sides.manifests.set(key, manifest);
  return { type: "file", mode: (await manifest).files.get(name) ?? fromGitMode(at.item.mode), blob: at.item.id };
}
