import type { searchRequest } from "@matrix-os/contracts/file/search.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import type { Found } from "../disk/walk.ts";
import { isBookkeeping, isSnapshotted } from "../home-path/home-rules.ts";
import { findLines } from "../home-path/find-lines.ts";
import { refuseOwn, toTaint } from "./read.ts";

type Reply = z.infer<typeof searchRequest.reply>;

/** Larger files are searched by name only. */
const MAX_FILE_BYTES = 2_097_152;
/** A search gives up here and says that it was cut. */
const MAX_READ_BYTES = 536_870_912;
const MAX_SEARCH_MS = 8_000;
const MAX_REPLY_CHARS = 120_000;

/** Finds text in files and in file names. */
export function search(request: z.infer<typeof searchRequest.request>, deps: FileDeps): Promise<Reply> {
  return deps.onDisk(request.path, async () => {
    refuseOwn(request.path);
    const query = request.query.toLowerCase();
    const budget = { bytes: MAX_READ_BYTES, chars: MAX_REPLY_CHARS, until: performance.now() + MAX_SEARCH_MS };
    const matches: Reply["matches"] = [];
    const toReply = (found: Reply["matches"], truncated: boolean): Reply => ({
      matches: found,
      truncated,
      ...toTaint(deps.labels.union(found.map(({ path }) => path))),
    });
    const keep = (path: string) => isSnapshotted(path) && !isBookkeeping(path);
    for await (const item of deps.reader.walk(request.path, { keep })) {
      if (item.type !== "file") continue;
      for (const match of matchesIn(item, query, { deps, budget })) {
        budget.chars -= match.path.length + match.text.length + 40;
        if (matches.length === request.limit || budget.chars < 0) return toReply(matches, true);
        matches.push(match);
      }
      if (budget.bytes <= 0 || performance.now() > budget.until) return toReply(matches, true);
    }
    return toReply(matches, false);
  });
}

function matchesIn(
  item: Found,
  query: string,
  within: { deps: FileDeps; budget: { bytes: number } },
): Reply["matches"] {
  const byName = item.path.toLowerCase().includes(query) ? [{ path: item.path, line: 1, text: item.path }] : [];
  if (item.stats.size > MAX_FILE_BYTES) return byName;
  within.budget.bytes -= item.stats.size;
  const lines = findLines(readIfThere(within.deps, item.path), query).map(({ line, text }) => ({
    path: item.path,
    line,
    text,
  }));
  return lines.length > 0 ? lines : byName;
}

function readIfThere(deps: FileDeps, path: string): Buffer {
  try {
    using file = deps.reader.open(path);
    return file.read(0, Math.min(file.stats.size, MAX_FILE_BYTES));
  } catch {
    // It went away or may not be read: the search goes on.
    return Buffer.alloc(0);
  }
}
