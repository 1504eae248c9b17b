import { rejected } from "@matrix-os/contracts/errors";
import type { listRequest } from "@matrix-os/contracts/file/list.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import type { Found } from "../disk/walk.ts";
import { MANIFEST_NAME, isBookkeeping, splitPath } from "../home-path/home-rules.ts";
import { refuseOwn, toTaint } from "./read.ts";

type Reply = z.infer<typeof listRequest.reply>;

/** Lists a folder; dependencies and version control below it are named but not entered. */
export function list(request: z.infer<typeof listRequest.request>, deps: FileDeps): Promise<Reply> {
  return deps.onDisk(request.path, async () => {
    refuseOwn(request.path);
    const entries: Reply["entries"] = [];
    for await (const item of deps.reader.walk(request.path, { keep: toKeep(request.path), depth: request.depth })) {
      if (item.type === "other") continue;
      if (entries.length >= MAX_SEEN)
        throw rejected("too-large", "this folder holds too much to list at this depth", { field: "depth" });
      entries.push(toEntry(item, item.type));
    }
    const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const kept = sorted.slice(0, request.limit);
    const taint = deps.labels.union(kept.map(({ path }) => path));
    return { entries: kept, truncated: sorted.length > request.limit, ...toTaint(taint) };
  });
}

/** Entries looked at before the answer is cut; more would not fit in memory for long. */
const MAX_SEEN = 100_000;
const NOT_ENTERED = /(?:^|\/)(?:node_modules|\.git)\//;

function toKeep(folder: string): (path: string) => boolean {
  const isNamed = isBookkeeping(folder);
  return (path) =>
    (isNamed || !isBookkeeping(path)) &&
    splitPath(path).name !== MANIFEST_NAME &&
    !NOT_ENTERED.test(path.slice(folder.length));
}

function toEntry(item: Found, type: "file" | "folder" | "link"): Reply["entries"][number] {
  return {
    path: item.path,
    type,
    sizeBytes: type === "file" ? item.stats.size : 0,
    modifiedAt: item.stats.mtime.toISOString(),
  };
}
