import type { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Answers finished messages of a session, or the summary that stands for the first of them. */
export function readTranscript(
  { session, from, brief, afterSummary }: z.infer<typeof readTranscriptRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof readTranscriptRequest.reply>> {
  return deps.onDisk("transcript", () => {
    const summary = afterSummary === true ? deps.summaries.read(session) : undefined;
    if (summary === undefined) return deps.transcripts.read(session, from, brief);
    const { total } = deps.transcripts.read(session, Number.MAX_SAFE_INTEGER, true);
    return { entries: [], from: Math.min(summary.entries, total), total, summary };
  });
}
