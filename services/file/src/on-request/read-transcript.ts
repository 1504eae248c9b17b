import type { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Answers finished messages of a session. */
export function readTranscript(
  request: z.infer<typeof readTranscriptRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof readTranscriptRequest.reply>> {
  return deps.onDisk("transcript", () => deps.transcripts.read(request.session, request.from, request.brief));
}
