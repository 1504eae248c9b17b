import type { replyUndeliveredEvent } from "@matrix-os/contracts/dispatcher/reply-undelivered.event";
import type { GatewayDeps } from "../deps.ts";

/** An answer did not reach its chat: every shell is told, since the owner may look at any. */
export function dispatcherReplyUndelivered(
  event: (typeof replyUndeliveredEvent)["example"],
  deps: Pick<GatewayDeps, "undelivered">,
): void {
  deps.undelivered.tell(event);
}
