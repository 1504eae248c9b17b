import type { historyRequest } from "@matrix-os/contracts/file/history.request";
import type { z } from "zod";
import { type HistoryEntry, toSummary } from "../change/history-entries.ts";
import type { FileDeps } from "../deps.ts";

type Reply = z.infer<typeof historyRequest.reply>;

const MAX_REPLY_CHARS = 180_000;

/** Lists what changed the home, newest first. */
export async function history(request: z.infer<typeof historyRequest.request>, deps: FileDeps): Promise<Reply> {
  const all = deps.recorder.entries.newestFirst();
  const start = request.before === undefined ? 0 : all.findIndex((entry) => entry.id === request.before) + 1;
  const { path } = request;
  const wanted = path === undefined ? all.slice(start) : all.slice(start).filter((entry) => touches(entry, path));
  const entries: Reply["entries"] = [];
  let chars = 0;
  for (const entry of wanted) {
    const item = toEntry(entry);
    chars += JSON.stringify(item).length;
    if (entries.length === request.limit || (entries.length > 0 && chars > MAX_REPLY_CHARS))
      return { entries, more: true };
    entries.push(item);
  }
  return { entries, more: false };
}

function touches(entry: HistoryEntry, path: string): boolean {
  return [...entry.paths.keys()].some((at) => at === path || at.startsWith(`${path}/`));
}

function toEntry(entry: HistoryEntry): Reply["entries"][number] {
  const { id, at, origin, state, pathCount, reverses } = entry;
  const paths = [...entry.paths].slice(0, 100).map(([path, kind]) => ({ path, kind }));
  const summary = toSummary([...entry.paths.keys()].slice(0, 2), pathCount);
  return { id, at, origin, summary, paths, pathCount, state, ...(reverses === undefined ? {} : { reverses }) };
}
