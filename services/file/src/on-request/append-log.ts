import { rejected } from "@matrix-os/contracts/errors";
import type { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

type Request = z.infer<typeof appendLogRequest.request>;

/** Appends records to a journal under a valid epoch. Errors: `denied` when a record tells of an answer that nobody gave. */
export function appendLog(request: Request, deps: FileDeps): Promise<z.infer<typeof appendLogRequest.reply>> {
  return deps.onDisk("journal", async () => {
    refuseForgedAnswers(request, deps);
    const appended = await deps.journals.append(request, request);
    deps.asks.note(toName(request), request.records, appended.at);
    return appended;
  });
}

/** Errors: `denied`. */
export function refuseForgedAnswers({ records }: Pick<Request, "records">, { asks }: FileDeps): void {
  const now = new Date();
  if (records.some((record) => record.kind === "approval" && !asks.isTrue(record, now)))
    throw rejected("denied", "nobody gave this answer", { field: "records" });
}

function toName({ session, turn }: Request): { session: string; turn: string } {
  return { session, turn };
}
