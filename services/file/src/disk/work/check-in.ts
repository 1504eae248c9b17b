import type { Origin } from "@matrix-os/contracts/define";
import { clipPaths } from "../../change/change-line.ts";
import { isSameState } from "../../change/path-state.ts";
import { type WorkspaceChange, compareWorkspace, findCollisions } from "../../workspace/workspace-changes.ts";
import { toHomePath } from "../../workspace/workspace-rules.ts";
import { type Folder, lookAt } from "../folder.ts";
import type { Home } from "../home/replace-file.ts";
import { applyCheckIn } from "./apply-check-in.ts";
import type { BaseEntry, BaseManifest } from "./base-manifest.ts";
import { type Captured, captureFiles, dropCaptured } from "./capture-files.ts";
import { toStampOf } from "./mirror-folder.ts";
import { type CheckInPlan, findMissingAbove, planCheckIn } from "./plan-check-in.ts";
import { type Refusal, type WorkspaceScan, scanWorkspace } from "./scan-workspace.ts";
import { toBlobId } from "../content.ts";

/** What came of a check-in. */
export interface CheckedIn {
  readonly changed: string[];
  readonly changes: number;
  readonly conflicts: string[];
  readonly refused: Refusal[];
  readonly applied: boolean;
}

/** From this many changes on the whole folder is compared with the history at once. */
const MANY = 200;

/** Takes what a command left in `work` into the home, all or nothing; answers also the base for the next time, when it moved. */
export async function checkIn(
  home: Home,
  work: Folder,
  about: { readonly base: BaseManifest; readonly origin: Origin },
): Promise<{ readonly reply: CheckedIn; readonly base?: BaseManifest }> {
  const { base, origin } = about;
  const scan = await scanWorkspace(work, base.folder, (path, target) => isKnownLink(base, path, target));
  if (scan.dangers.length > 0) return { reply: toReply(base, scan, { changes: [] }) };
  const captured = await captureFiles(work, home.staging, { base, scan, vault: home.scan });
  try {
    const changes = findChanges(base, scan, captured);
    if (scan.dangers.length > 0) return { reply: toReply(base, scan, { changes }) };
    const plan = await bringIn(home, { base, origin, scan, captured, changes });
    const reply = toReply(base, scan, { changes, plan });
    return reply.applied ? { reply, base: toNextBase(home, base, { changes, captured }) } : { reply };
  } finally {
    dropCaptured(home.staging, captured);
  }
}

function isKnownLink(base: BaseManifest, path: string, target: Buffer): boolean {
  return isSameState(base.entries.get(path)?.state, { type: "link", blob: toBlobId(target) });
}

function findChanges(base: BaseManifest, scan: WorkspaceScan, { states }: Captured): WorkspaceChange[] {
  const before = new Map([...base.entries].map(([path, entry]) => [path, entry.state]));
  for (const path of findCollisions(before, states))
    scan.dangers.push({ path, why: "another name differs from it only in case or accents" });
  const skipped = new Set(scan.skipped.map(({ path }) => path));
  const changes = compareWorkspace(before, states, skipped);
  const isUntouched = !before.has("") && states.size === 1;
  return isUntouched ? [] : changes;
}

interface Incoming {
  readonly base: BaseManifest;
  readonly origin: Origin;
  readonly scan: WorkspaceScan;
  readonly captured: Captured;
  readonly changes: readonly WorkspaceChange[];
}

async function bringIn(home: Home, { base, origin, scan, captured, changes }: Incoming): Promise<CheckInPlan> {
  if (changes.length === 0) return { apply: [], conflicts: [] };
  const paths = changes.length > MANY ? [base.folder] : changes.map(({ path }) => toHomePath(base.folder, path));
  const below = (path: string) => path.slice(base.folder.length + 1);
  const { result } = await home.writer.change({ origin, paths, drawsFrom: base.folder }, async (set, noteWhole) => {
    const plan = await planCheckIn(home, base, changes);
    if (plan.conflicts.length > 0 || plan.apply.length === 0) return plan;
    noteWhole([...plan.apply, ...findMissingAbove(home.root, base.folder)]);
    await applyCheckIn(set, plan.apply, {
      file: (path) => captured.staged.get(below(path)),
      link: (path) => scan.links.get(below(path)),
    });
    return plan;
  });
  return result;
}

/** Characters of paths that one list of the reply may have, so that all lists fit one message. */
const MAX_LIST_CHARS = 60_000;

function toReply(
  base: BaseManifest,
  scan: WorkspaceScan,
  { changes, plan }: { readonly changes: readonly WorkspaceChange[]; readonly plan?: CheckInPlan },
): CheckedIn {
  const clip = <Item extends { readonly path: string }>(items: readonly Item[]) => clipPaths(items, MAX_LIST_CHARS);
  const inHome = changes.map(({ path }) => ({ path: toHomePath(base.folder, path) }));
  const refused = [...scan.dangers, ...scan.skipped].map(({ path, why }) => ({
    path: toHomePath(base.folder, path),
    why,
  }));
  const conflicts = plan?.conflicts ?? [];
  return {
    changed: clip(inHome).map(({ path }) => path),
    changes: inHome.length,
    conflicts: clip(conflicts.map((path) => ({ path }))).map(({ path }) => path),
    refused: clip(refused),
    applied: plan !== undefined && conflicts.length === 0,
  };
}

/** What both sides agree on from here. */
function toNextBase(
  home: Home,
  base: BaseManifest,
  { changes, captured }: { readonly changes: readonly WorkspaceChange[]; readonly captured: Captured },
): BaseManifest {
  const entries = new Map(base.entries);
  for (const [path, work] of captured.stamps) {
    const known = entries.get(path);
    if (known !== undefined) entries.set(path, { ...known, work });
  }
  for (const { path, after } of changes) {
    if (after === undefined) entries.delete(path);
    else
      entries.set(
        path,
        toEntry(home, { path: toHomePath(base.folder, path), state: after, work: captured.stamps.get(path) }),
      );
  }
  return { folder: base.folder, entries };
}

function toEntry(
  { root }: Home,
  {
    path,
    state,
    work,
  }: { readonly path: string; readonly state: BaseEntry["state"]; readonly work: BaseEntry["work"] },
): BaseEntry {
  if (state.type !== "file") return { state };
  const stats = lookAt(root, path);
  return { state, work, home: stats?.isFile() ? toStampOf(stats) : undefined };
}
