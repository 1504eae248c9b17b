import type { progressDraft } from "@matrix-os/contracts/kernel/progress.draft";
import type { GatewayDeps } from "../deps.ts";

/** What a running turn recorded goes to those who watch its session. */
export function kernelProgress({ session, ...stretch }: (typeof progressDraft)["example"], deps: GatewayDeps): void {
  deps.sessions.tell(session, { kind: "progress", ...stretch });
}
