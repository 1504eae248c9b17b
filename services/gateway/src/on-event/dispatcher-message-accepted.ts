import type { messageAcceptedEvent } from "@matrix-os/contracts/dispatcher/message-accepted.event";
import type { GatewayDeps } from "../deps.ts";

/** A session has work: every shell redraws its list, watchers see what waits. */
export function dispatcherMessageAccepted(
  { message }: (typeof messageAcceptedEvent)["example"],
  deps: GatewayDeps,
): void {
  deps.sessionStates.tell({ session: message.session, state: deps.openTurns.begin(message.session, message.key) });
  deps.sessions.tell(message.session, { kind: "accepted", message });
}
