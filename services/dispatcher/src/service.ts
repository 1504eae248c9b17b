import { anyDeliverRequest } from "@matrix-os/contracts/channel/deliver";
import { answerApprovalRequest } from "@matrix-os/contracts/dispatcher/answer-approval.request";
import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { messageAcceptedEvent } from "@matrix-os/contracts/dispatcher/message-accepted.event";
import { nextInputRequest } from "@matrix-os/contracts/dispatcher/next-input.request";
import { readJoiningRequest } from "@matrix-os/contracts/dispatcher/read-joining.request";
import { replyUndeliveredEvent } from "@matrix-os/contracts/dispatcher/reply-undelivered.event";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { listOutboxRequest } from "@matrix-os/contracts/file/list-outbox.request";
import { settlePartRequest } from "@matrix-os/contracts/file/settle-part.request";
import { takeLeadRequest } from "@matrix-os/contracts/file/take-lead.request";
import { turnFinishedEvent } from "@matrix-os/contracts/kernel/turn-finished.event";
import { answerAskRequest } from "@matrix-os/contracts/file/answer-ask.request";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { requestStopRequest } from "@matrix-os/contracts/file/request-stop.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { withdrawMessageRequest } from "@matrix-os/contracts/file/withdraw-message.request";
import { writtenEvent } from "@matrix-os/contracts/file/written.event";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import { steerControl } from "@matrix-os/contracts/kernel/steer.control";
import { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import { stopCommandsControl } from "@matrix-os/contracts/tools/stop.control";
import { answer, defineService, follow } from "@matrix-os/runtime/service";
import { readDispatcherConfig } from "./config.ts";
import { createDispatcherDeps } from "./deps.ts";
import { fileWritten } from "./on-event/file-written.ts";
import { kernelTurnFinished } from "./on-event/kernel-turn-finished.ts";
import { answerApproval } from "./on-request/answer-approval.ts";
import { acceptMessage } from "./on-request/accept-message.ts";
import { nextInput } from "./on-request/next-input.ts";
import { readJoining } from "./on-request/read-joining.ts";
import { stopSession } from "./on-request/stop-session.ts";

/** The dispatcher's map: what it hears, who handles it, what it says. */
export const dispatcherService = defineService({
  name: "dispatcher",
  description: "Accepts messages, keeps their order, rings the doorbells",
  readConfig: readDispatcherConfig,
  createDeps: createDispatcherDeps,
  hears: [
    answer(acceptMessageRequest, acceptMessage),
    answer(nextInputRequest, nextInput),
    answer(readJoiningRequest, readJoining),
    answer(stopSessionRequest, stopSession),
    follow(writtenEvent, fileWritten),
    follow(turnFinishedEvent, kernelTurnFinished),
    answer(answerApprovalRequest, answerApproval),
  ],
  says: [
    messageAcceptedEvent,
    runTurnCommand,
    steerControl,
    stopControl,
    stopCommandsControl,
    storeMessageRequest,
    withdrawMessageRequest,
    listOpenRequest,
    requestStopRequest,
    readRequest,
    takeLeadRequest,
    listOutboxRequest,
    settlePartRequest,
    anyDeliverRequest,
    replyUndeliveredEvent,
    answerAskRequest,
  ],
});
