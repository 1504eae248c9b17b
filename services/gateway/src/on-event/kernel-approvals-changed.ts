import type { approvalsChangedEvent } from "@matrix-os/contracts/kernel/approvals-changed.event";
import type { z } from "zod";
import type { GatewayDeps } from "../deps.ts";

/** Tells every shell that what waits for the owner changed. */
export function kernelApprovalsChanged(body: z.infer<typeof approvalsChangedEvent.body>, deps: GatewayDeps): void {
  deps.approvalChanges.tell({ session: body.session });
}
