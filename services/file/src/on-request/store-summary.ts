import { rejected } from "@matrix-os/contracts/errors";
import type { storeSummaryRequest } from "@matrix-os/contracts/file/store-summary.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Keeps the summary of a session's older turns. */
export function storeSummary(
  { session, summary }: z.infer<typeof storeSummaryRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof storeSummaryRequest.reply>> {
  return deps.onDisk("summary", () => {
    if (!deps.sessions.has(session)) throw rejected("not-found", "there is no such session", { field: "session" });
    deps.summaries.write(session, summary);
    return {};
  });
}
