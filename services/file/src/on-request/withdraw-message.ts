import type { withdrawMessageRequest } from "@matrix-os/contracts/file/withdraw-message.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Takes a message back that could not be accepted, and a session that it alone had begun. */
export function withdrawMessage(
  { key }: z.infer<typeof withdrawMessageRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof withdrawMessageRequest.reply>> {
  return deps.onDisk("inbox", async () => {
    const session = deps.inbox.open.get(key)?.message.session;
    const withdrawn = await deps.inbox.withdraw(key);
    if (withdrawn && session !== undefined && isUnused(session, deps)) deps.sessions.forget(session);
    return { withdrawn };
  });
}

function isUnused(session: string, deps: FileDeps): boolean {
  if (deps.inbox.open.ofSession(session).length > 0) return false;
  return deps.transcripts.read(session, 0, true).total === 0;
}
