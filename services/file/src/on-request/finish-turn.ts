import { rejected } from "@matrix-os/contracts/errors";
import type { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { refuseForgedAnswers } from "./append-log.ts";

type Request = z.infer<typeof finishTurnRequest.request>;

/**
 * Ends a turn: the journal's end first, since what it says is what counts, then answer parts and transcript, then the open
 * marker goes. Whoever finds a marker beside an ended journal calls this again; repeating it is harmless.
 */
export function finishTurn(request: Request, deps: FileDeps): Promise<z.infer<typeof finishTurnRequest.reply>> {
  return deps.onDisk("journal", async () => {
    const end = request.records.at(-1);
    if (end?.kind !== "end") throw rejected("invalid", "records: the last one must be `end`", { field: "records" });
    refuseForgedAnswers(request, deps);
    const ended = deps.journals.findEnd(request, request.epoch);
    // The marker goes last: without it all is done, and the session may have gone on to later turns.
    if (ended !== undefined && deps.inbox.open.get(request.turn) === undefined) return ended;
    const appended = ended ?? (await deps.journals.append(request, request));
    const [messageCount] = await Promise.all([
      deps.transcripts.append(request.session, request.transcript),
      request.outbox.length === 0 ? undefined : deps.outbox.write(request, request.outbox),
    ]);
    const { turn, usage, model, taint = [] } = request;
    deps.sessions.finish(request.session, { turn, status: end.status, usage, model, messageCount, taint });
    // What joined goes first: a crash in between must not leave it as a turn of its own.
    for (const joined of request.joined ?? []) deps.inbox.close(joined);
    deps.inbox.close(turn);
    deps.asks.forget(turn);
    deps.unsnapshotted.add(request.session);
    deps.quiet.disturb();
    return appended;
  });
}
