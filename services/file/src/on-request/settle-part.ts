import type { settlePartRequest } from "@matrix-os/contracts/file/settle-part.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Writes down what came of a part, for whoever leads the dispatcher; what was given up is told in the activity log. */
export function settlePart(
  request: z.infer<typeof settlePartRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof settlePartRequest.reply>> {
  return deps.onDisk("outbox", async () => {
    deps.leads.assertLeads("dispatcher", request.epoch);
    const { outcome } = request;
    const part = await deps.outbox.settle(request, outcome);
    if (part !== undefined && outcome.kind === "dead") {
      const { session, turn } = part;
      const summary = `an answer could not be delivered to ${request.channel} (${outcome.error.code})`;
      deps.activity.record({
        at: new Date().toISOString(),
        service: "dispatcher",
        kind: "problem",
        summary,
        session,
        turn,
      });
    }
    return {};
  });
}
