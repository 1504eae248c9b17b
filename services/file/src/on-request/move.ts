import { rejected } from "@matrix-os/contracts/errors";
import type { moveRequest } from "@matrix-os/contracts/file/move.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { lookAt } from "../disk/folder.ts";
import { walk } from "../disk/walk.ts";
import type { ChangeSet } from "../home/change-set.ts";
import { readCurrent, refuseReserved, toPlace } from "../home/replace-file.ts";
import { isSnapshotted } from "../home-path/home-rules.ts";

/** Moves or renames a file or folder to a free name. */
export async function move(request: z.infer<typeof moveRequest.request>, deps: FileDeps): Promise<z.infer<typeof moveRequest.reply>> {
  const { from, to, origin } = request;
  refuseReserved(from);
  refuseReserved(to);
  if (to.startsWith(`${from}/`)) throw rejected("invalid", "a folder can't be moved into itself", { field: "to" });
  deps.quiet.disturb();
  const { line, result } = await deps.writer.change({ origin, paths: [from, to] }, (set) => moveNow(request, deps, set));
  return { path: to, ...result, created: true, ...toPlace(deps.recorder, line) };
}

async function moveNow({ from, to }: { from: string; to: string }, deps: FileDeps, set: ChangeSet) {
  const stats = lookAt(deps.root, from);
  if (stats === undefined) throw rejected("not-found", `${from} does not exist`, { field: "from" });
  if (lookAt(deps.root, to) !== undefined) throw rejected("already-exists", `${to} is there already`, { field: "to" });
  const { tip } = deps.repository;
  const isInTree = tip !== undefined && (await deps.repository.look(tip, from)) !== undefined;
  const file = stats.isFile() ? await readCurrent(deps, from) : undefined;
  const below = stats.isDirectory() ? await filesBelow(deps, from) : [""];
  set.move(from, to, { isInTree, mode: file?.mode });
  const about = file === undefined ? {} : { hash: file.ids.hash, sizeBytes: stats.size };
  for (const rest of below) {
    set.paths.push({ path: `${from}${rest}`, kind: "deleted" }, { path: `${to}${rest}`, kind: "created", ...about });
  }
  return about;
}

/** What is in a folder, as what its path goes on with; an empty folder stands for itself. */
async function filesBelow(deps: FileDeps, folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const item of walk(deps.root, folder, { keep: isSnapshotted })) {
    if (item.type !== "folder") found.push(item.path.slice(folder.length));
  }
  return found.length === 0 ? [""] : found;
}
