import { rejected } from "@matrix-os/contracts/errors";
import type { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Takes a turn's journal over. Errors: `not-found` when its session does not exist, or nothing waits under this name. */
export function openLog(
  request: z.infer<typeof openLogRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof openLogRequest.reply>> {
  return deps.onDisk("journal", async () => {
    if (!deps.sessions.has(request.session))
      throw rejected("not-found", "there is no such session", { field: "session" });
    if (!deps.journals.has(request)) assertOpen(request, deps);
    const { isEnded, ...page } = await deps.journals.open(request, request.owner);
    const entry = deps.inbox.open.get(request.turn);
    const stopRequested = entry !== undefined && deps.inbox.open.isStopRequested(entry);
    return {
      ...page,
      stopRequested,
      ended: isEnded,
      answers: deps.asks.newsOf(request.turn, new Date()),
      taint: deps.sessions.get(request.session)?.taint ?? [],
    };
  });
}

/** A message that was withdrawn, or answered by the turn that it joined, has no turn of its own. */
function assertOpen({ session, turn }: { session: string; turn: string }, deps: FileDeps): void {
  const wasAnswered = deps.transcripts.has(session, `${turn}.user`);
  // A crash may bring a marker back.
  if (wasAnswered) deps.inbox.close(turn);
  if (wasAnswered || deps.inbox.open.get(turn) === undefined)
    throw rejected("not-found", "no message waits for this turn", { field: "turn" });
}
