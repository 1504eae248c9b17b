import type { historyRequest } from "@matrix-os/contracts/file/history.request";
import type { z } from "zod";
import { type HistoryEntry, toSummary } from "../change/history-entries.ts";
import type { FileDeps } from "../deps.ts";

type Reply = z.infer<typeof historyRequest.reply>;

const MAX_REPLY_CHARS = 180_000;
const MAX_SUMMARY_CHARS = 80;

/** Lists what changed the home, newest first. */
export async function history(request: z.infer<typeof historyRequest.request>, deps: FileDeps): Promise<Reply> {
  const all = deps.recorder.entries.newestFirst();
  const start = request.before === undefined ? 0 : all.findIndex((entry) => entry.id === request.before) + 1;
  const { path } = request;
  const wanted = path === undefined ? all.slice(start) : all.slice(start).filter((entry) => touches(entry, path));
  const entries: Reply["entries"] = [];
  let chars = 0;
  for (const entry of wanted) {
    const item = toEntry(entry, readRequest(entry, deps));
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

/** What the owner asked for in the turn that made an entry; nothing for changes outside turns and for old inboxes. */
function readRequest({ origin, reverses }: HistoryEntry, { inbox }: FileDeps): string | undefined {
  if (origin.turn === undefined || reverses !== undefined || !inbox.knows(origin.turn)) return undefined;
  try {
    return toFirstLine(inbox.read(origin.turn).text);
  } catch {
    return undefined; // The history does not depend on the inbox, which is not kept for ever.
  }
}

function toFirstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > MAX_SUMMARY_CHARS ? `${line.slice(0, MAX_SUMMARY_CHARS - 1)}…` : line;
}

function toEntry(entry: HistoryEntry, request: string | undefined): Reply["entries"][number] {
  const { id, at, origin, state, pathCount, reverses } = entry;
  const paths = [...entry.paths].slice(0, 100).map(([path, kind]) => ({ path, kind }));
  const summary = request ?? toSummary([...entry.paths.keys()].slice(0, 2), pathCount);
  return { id, at, origin, summary, paths, pathCount, state, ...(reverses === undefined ? {} : { reverses }) };
}
