import type { deltaDraft } from "@matrix-os/contracts/kernel/delta.draft";
import type { GatewayDeps } from "../deps.ts";

/** Text on its way goes to those who watch its session. */
export function kernelDelta(delta: (typeof deltaDraft)["example"], deps: GatewayDeps): void {
  deps.sessions.tell(delta.session, { kind: "delta", delta });
}
