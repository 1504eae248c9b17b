import type { turnFinishedEvent } from "@matrix-os/contracts/kernel/turn-finished.event";
import type { GatewayDeps } from "../deps.ts";

/** A turn ended: every shell redraws its list; watchers that missed the end read the journal. */
export function kernelTurnFinished(event: (typeof turnFinishedEvent)["example"], deps: GatewayDeps): void {
  const { session, turn, arrival, status, joined = [] } = event;
  for (const message of joined) deps.openTurns.end(session, message);
  deps.sessionStates.tell({ session, state: deps.openTurns.end(session, turn) });
  deps.sessions.tell(session, { kind: "finished", turn, arrival, status });
}
