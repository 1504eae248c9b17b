import type { readChangesRequest } from "@matrix-os/contracts/file/read-changes.request";
import type { z } from "zod";
import { toChange } from "../change/change-line.ts";
import type { FileDeps } from "../deps.ts";

type Reply = z.infer<typeof readChangesRequest.reply>;

const MAX_REPLY_CHARS = 200_000;

/** Replays numbered changes. */
export async function readChanges(request: z.infer<typeof readChangesRequest.request>, deps: FileDeps): Promise<Reply> {
  const { lines, gap } = deps.recorder.log.after(request.after, request.limit);
  const changes: Reply["changes"] = [];
  let chars = 0;
  for (const line of lines) {
    const change = toChange(line);
    chars += JSON.stringify(change).length;
    if (changes.length > 0 && chars > MAX_REPLY_CHARS) break;
    changes.push(change);
  }
  return { changes, newest: deps.recorder.log.newest, gap };
}
