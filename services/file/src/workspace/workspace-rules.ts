import { createHash } from "node:crypto";
import { rejected } from "@matrix-os/contracts/errors";
import { homePath } from "@matrix-os/contracts/values";
import {
  MANIFEST_NAME,
  fold,
  foldersAbove,
  isDatabase,
  isReserved,
  isSnapshotted,
  joinPath,
  splitPath,
} from "../home-path/home-rules.ts";

/** Workspaces that are kept; the least recently used one goes first. */
export const MAX_WORKSPACES = 20;
/** How long an unused workspace is kept. */
export const MAX_WORKSPACE_AGE_MS = 14 * 24 * 3_600_000;

/** Folders that commands never get: what steers the system itself is changed by requests that ask the owner. */
const KEPT_BACK = ["system", "agents", "skills"];

/** The workspace of a folder: the same folder, the same workspace. */
export function toWorkspace(folder: string): string {
  return `w_${createHash("sha256").update(folder).digest("hex").slice(0, 24)}`;
}

/** Errors: `denied` for folders that commands may not work on. */
export function refuseKeptBack(folder: string): void {
  const [first = ""] = fold(folder).split("/");
  if (KEPT_BACK.includes(first) || isReserved(folder))
    throw rejected("denied", `commands may not work on ${folder}`, { field: "folder" });
}

/** A path below a checked-out folder as one of the home; the empty one is the folder itself. */
export function toHomePath(folder: string, path: string): string {
  return path === "" ? folder : joinPath(folder, path);
}

/** Whether a path of the home goes out to commands and comes back; what does not is the workspace's own. */
export function isCarried(path: string): boolean {
  return isSnapshotted(path) && !isDatabase(path);
}

/** Whether a path stays in the workspace as commands left it, such as `node_modules`. */
export function isOwnOfWorkspace(path: string): boolean {
  return !isCarried(path) && whyNoHomePath(path) === undefined;
}

/** Why a path that a command left can't be one of the home's, or `undefined` when it can. */
export function whyNoHomePath(path: string): string | undefined {
  if (fold(splitPath(path).name) === MANIFEST_NAME) return "this name belongs to the history";
  return homePath.safeParse(path).success ? undefined : "no path of the home may be like this";
}

/** Whether a link surely leads to somewhere in the checked-out folder; `at` is its place there. A `..` behind a name may start anywhere. */
export function isInsideLink(at: string, target: string): boolean {
  if (target === "" || target.startsWith("/")) return false;
  const names = target.split("/").filter((name) => name !== "" && name !== ".");
  const ups = names.findIndex((name) => name !== "..");
  const back = ups < 0 ? names.length : ups;
  return back <= foldersAbove(at).length && !names.slice(back).includes("..");
}
