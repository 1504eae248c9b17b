import { OsError } from "@matrix-os/contracts/errors";
import type { previewRequest } from "@matrix-os/contracts/file/preview.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { isSnapshotted } from "../home-path/home-rules.ts";
import { toTaint } from "./read.ts";
import { chooseEntry } from "../undo/choose-entry.ts";

type Request = z.infer<typeof previewRequest.request>;
type Reply = z.infer<typeof previewRequest.reply>;

const MAX_LISTED = 200;
/** Files after which counting ends: it is many in any case. */
const MAX_COUNTED = 100_000;
/** A longer text is not shown in a question. */
const MAX_TEXT_BYTES = 24_000;

/** Says what a change would touch. What does not exist is touched by nothing. */
export function preview(request: Request, deps: FileDeps): Promise<Reply> {
  return deps.onDisk("home", async () => {
    if (request.undo !== undefined) return previewUndo(request.undo, deps);
    const found: string[] = [];
    for (const path of request.paths) await collect(path, found, deps);
    const [only] = request.paths;
    const text = request.text && only !== undefined ? readShortText(only, deps) : undefined;
    return {
      paths: found.slice(0, MAX_LISTED),
      pathCount: found.length,
      ...toTaint(deps.labels.union(request.paths.flatMap((path) => toLabelled(path, deps)))),
      ...(text === undefined ? {} : { text }),
      ...(request.turn === undefined ? {} : { deletedBefore: countDeleted(request.turn, deps) }),
    };
  });
}

function toLabelled(path: string, { labels }: FileDeps): string[] {
  return labels.below(path).map((one) => one.path);
}

function countDeleted(turn: string, deps: FileDeps): number {
  const kinds = [...(deps.recorder.entries.ofTurn(turn)?.paths.values() ?? [])];
  return kinds.filter((kind) => kind === "deleted").length;
}

function previewUndo({ direction, turn }: NonNullable<Request["undo"]>, deps: FileDeps): Reply {
  const entry = chooseEntry(deps.recorder.entries, { direction, turn });
  const paths = [...entry.paths.keys()];
  return { paths: paths.slice(0, MAX_LISTED), pathCount: Math.max(entry.pathCount, paths.length), entry: entry.id };
}

async function collect(path: string, found: string[], deps: FileDeps): Promise<void> {
  try {
    for await (const item of deps.reader.walk(path, { keep: isSnapshotted })) {
      if (item.type !== "folder") found.push(item.path);
      if (found.length >= MAX_COUNTED) return;
    }
  } catch (thrown) {
    if (!(thrown instanceof OsError) || thrown.kind !== "rejected") throw thrown;
    if (thrown.code === "not-a-folder") found.push(path);
  }
}

function readShortText(path: string, deps: FileDeps): string | undefined {
  try {
    using file = deps.reader.open(path);
    if (file.stats.size > MAX_TEXT_BYTES) return undefined;
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file.read(0, file.stats.size));
  } catch {
    return undefined;
  }
}
