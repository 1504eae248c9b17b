import type { answerApprovalRequest } from "@matrix-os/contracts/dispatcher/answer-approval.request";
import { answerAskRequest } from "@matrix-os/contracts/file/answer-ask.request";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import type { z } from "zod";
import type { DispatcherDeps } from "../deps.ts";

type Request = z.infer<typeof answerApprovalRequest.request>;
type Reply = z.infer<typeof answerApprovalRequest.reply>;

/** Writes the owner's answer down, then rings its session; an answer that is kept counts, whoever rings for it. */
export async function answerApproval(request: Request, deps: DispatcherDeps): Promise<Reply> {
  const answered = await deps.bus.request(answerAskRequest, request);
  const { session } = answered;
  await deps.bus.command(runTurnCommand, session, { session }).catch((error: unknown) => {
    deps.log.warn({ err: error, session }, "doorbell not rung, the reconciler will");
  });
  return answered;
}
