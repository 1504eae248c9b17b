import { type PathState, isSameState } from "../../change/path-state.ts";
import type { HistoryRepository } from "../../git/history-repository.ts";
import { ContentMemory } from "../content.ts";
import type { Folder } from "../folder.ts";
import type { Staging } from "../staging.ts";
import { type VaultScan, isPlaceholder } from "../../withheld/vault-scan.ts";
import { Transaction } from "../transaction.ts";
import { lookNow } from "./look-now.ts";
import type { WholeChange } from "./pending-change.ts";

interface Parts {
  readonly root: Folder;
  readonly staging: Staging;
  readonly repository: HistoryRepository;
  readonly scan: VaultScan;
}

/**
 * Puts back what a killed change had done; the newest snapshot holds what stood there before. May itself be killed and run again.
 * A path that is neither as before nor as the change would have left it is somebody else's by now and stays. Throws errnos.
 */
export async function takeBackInterrupted(parts: Parts, whole: WholeChange): Promise<void> {
  const transaction = new Transaction(parts.root, parts.staging);
  const done = await findDone(parts, whole);
  const deepestFirst = done.toSorted((a, b) => b.path.length - a.path.length);
  takeAway(transaction, deepestFirst);
  for (const one of done) await putBack(parts, transaction, one);
  for (const { path, before } of deepestFirst) if (before?.type === "folder") transaction.folder(path, before.mode);
  await transaction.sync();
  transaction.finish();
}

/** Files and links come before the folders that they are in. */
function takeAway(transaction: Transaction, deepestFirst: readonly Done[]): void {
  for (const { path, before, current } of deepestFirst)
    if (hasBytes(current) && !hasBytes(before)) transaction.remove(path);
  for (const { path, before, current } of deepestFirst)
    if (current?.type === "folder" && before?.type !== "folder") transaction.removeIfEmpty(path);
}

interface Done {
  readonly path: string;
  readonly before: PathState | undefined;
  readonly current: PathState | undefined;
}

/** The paths that the change had got to. */
async function findDone({ root, scan }: Parts, whole: WholeChange): Promise<Done[]> {
  const contents = new ContentMemory(scan);
  const done: Done[] = [];
  for (const { path, before, after } of whole) {
    const current = await lookNow({ root, contents }, path);
    if (isOfTheChange(current, after) && !isSameState(current, before)) done.push({ path, before, current });
  }
  return done;
}

/** Between its steps a change leaves a path empty, or a new folder with plain permissions. */
function isOfTheChange(current: PathState | undefined, after: PathState | undefined): boolean {
  if (current === undefined || isSameState(current, after)) return true;
  return current.type === "folder" && after?.type === "folder";
}

function hasBytes(state: PathState | undefined): boolean {
  return state !== undefined && state.type !== "folder";
}

async function putBack(
  { repository, staging }: Parts,
  transaction: Transaction,
  { path, before }: Done,
): Promise<void> {
  if (before === undefined || before.type === "folder") return;
  const bytes = await repository.blob(before.blob);
  // The history never held it: what stands there is all that there is.
  if (before.type === "file" && isPlaceholder(bytes)) return;
  if (before.type === "link") transaction.link(path, bytes);
  else transaction.place(await staging.stage(bytes, before.mode), path);
}
