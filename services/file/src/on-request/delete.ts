import { rejected } from "@matrix-os/contracts/errors";
import type { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { lookAt } from "../disk/folder.ts";
import { walk } from "../disk/walk.ts";
import { checkPrecondition, readCurrent, refuseReserved, toPlace } from "../home/replace-file.ts";
import { isSnapshotted } from "../home-path/home-rules.ts";

/** Deletes a file, or a folder with all it holds. */
export async function deletePath(request: z.infer<typeof deleteRequest.request>, deps: FileDeps): Promise<z.infer<typeof deleteRequest.reply>> {
  const { path, origin } = request;
  refuseReserved(path);
  deps.quiet.disturb();
  const { line } = await deps.writer.change({ origin, paths: [path] }, async (set) => {
    const stats = lookAt(deps.root, path);
    if (stats === undefined) throw rejected("not-found", `${path} does not exist`, { field: "path" });
    if (request.ifMatch !== undefined) checkPrecondition(request, stats.isFile() ? (await readCurrent(deps, path))?.ids.hash : "folder");
    set.remove(path, stats.isDirectory() ? await filesBelow(deps, path) : []);
  });
  return { path, created: false, ...toPlace(deps.recorder, line) };
}

async function filesBelow(deps: FileDeps, folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const item of walk(deps.root, folder, { keep: isSnapshotted })) {
    if (item.type !== "folder") found.push(item.path);
  }
  return found;
}
