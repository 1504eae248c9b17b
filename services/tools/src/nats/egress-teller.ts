import type { Bus } from "@matrix-os/bus";
import type { Origin } from "@matrix-os/contracts/define";
import { type Activity, recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import type { Log } from "@matrix-os/runtime/log";
import type { Hop } from "../http/fetch-outside.ts";

/** Tells the activity log what left the machine: host, status and bytes, never the path or the query. Never fails or waits. */
export function tellEgress(
  hop: Hop,
  told: { readonly tool: string; readonly origin: Origin },
  to: { bus: Bus; log: Log },
): void {
  const { session, turn, actor } = told.origin;
  const outcome = hop.status === undefined ? "no answer" : `status ${hop.status}, ${hop.bytes} bytes`;
  const activity: Activity = {
    at: new Date().toISOString(),
    service: "tools",
    kind: "egress",
    summary: `${told.tool} asked ${hop.host}: ${outcome}`.slice(0, 500),
    by: actor,
    ...(session === undefined ? {} : { session }),
    ...(turn === undefined ? {} : { turn }),
  };
  to.bus
    .request(recordActivityRequest, { activity })
    .catch((err: unknown) => to.log.warn({ err, summary: activity.summary }, "not in the activity log"));
}
