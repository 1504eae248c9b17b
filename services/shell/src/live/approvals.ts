import { answerApprovalRoute, listApprovalsRoute } from "@matrix-os/contracts/api/approvals";
import { useApprovals } from "../state/approval-store.ts";
import { call } from "./rest.ts";
import { soon } from "./soon.ts";

/** Reads what waits soon; many calls in a row are one. A reading that fails is done again after the next news. */
export const readApprovalsSoon = soon(() => void readApprovals().catch(() => undefined), 60);

async function readApprovals(): Promise<void> {
  const { approvals } = await call(listApprovalsRoute);
  useApprovals.setState({ waiting: approvals });
}

/** Gives the owner's answer, once. Errors: `RequestError`. */
export async function answerApproval(ask: string, verdict: "allow" | "deny"): Promise<void> {
  try {
    await call(answerApprovalRoute, { params: { ask }, body: { verdict } });
  } finally {
    readApprovalsSoon();
  }
}
