import { answerApprovalRequest } from "@matrix-os/contracts/dispatcher/answer-approval.request";
import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { messageAcceptedEvent } from "@matrix-os/contracts/dispatcher/message-accepted.event";
import { replyUndeliveredEvent } from "@matrix-os/contracts/dispatcher/reply-undelivered.event";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { exportActivityRequest } from "@matrix-os/contracts/file/export-activity.request";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { listAsksRequest } from "@matrix-os/contracts/file/list-asks.request";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { queryAppDataRequest } from "@matrix-os/contracts/file/query-app-data.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import { readChangesRequest } from "@matrix-os/contracts/file/read-changes.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { useAppStorageRequest } from "@matrix-os/contracts/file/use-app-storage.request";
import { verifyActivityRequest } from "@matrix-os/contracts/file/verify-activity.request";
import { writtenEvent } from "@matrix-os/contracts/file/written.event";
import { approvalsChangedEvent } from "@matrix-os/contracts/kernel/approvals-changed.event";
import { deltaDraft } from "@matrix-os/contracts/kernel/delta.draft";
import { describeRequest } from "@matrix-os/contracts/kernel/describe.request";
import { modelChangedEvent } from "@matrix-os/contracts/kernel/model-changed.event";
import { progressDraft } from "@matrix-os/contracts/kernel/progress.draft";
import { turnFinishedEvent } from "@matrix-os/contracts/kernel/turn-finished.event";
import { listSecretsRequest } from "@matrix-os/contracts/vault/list-secrets.request";
import { removeSecretRequest } from "@matrix-os/contracts/vault/remove-secret.request";
import { setSecretRequest } from "@matrix-os/contracts/vault/set-secret.request";
import { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import { defineService, follow } from "@matrix-os/runtime/service";
import { readGatewayConfig } from "./config.ts";
import { createGatewayDeps } from "./deps.ts";
import { dispatcherMessageAccepted } from "./on-event/dispatcher-message-accepted.ts";
import { fileWritten } from "./on-event/file-written.ts";
import { kernelApprovalsChanged } from "./on-event/kernel-approvals-changed.ts";
import { kernelDelta } from "./on-event/kernel-delta.ts";
import { kernelModelChanged } from "./on-event/kernel-model-changed.ts";
import { kernelProgress } from "./on-event/kernel-progress.ts";
import { dispatcherReplyUndelivered } from "./on-event/dispatcher-reply-undelivered.ts";
import { kernelTurnFinished } from "./on-event/kernel-turn-finished.ts";
import { whileWatched } from "./while-watched.ts";

/** The gateway's map: what it hears, who handles it, what it says. */
export const gatewayService = defineService({
  name: "gateway",
  description: "HTTP, WebSocket and server-sent events for shells, clients and the command line",
  readConfig: readGatewayConfig,
  createDeps: createGatewayDeps,
  hears: [
    follow(messageAcceptedEvent, dispatcherMessageAccepted),
    follow(replyUndeliveredEvent, dispatcherReplyUndelivered),
    follow(turnFinishedEvent, kernelTurnFinished),
    follow(approvalsChangedEvent, kernelApprovalsChanged),
    follow(writtenEvent, fileWritten),
    follow(modelChangedEvent, kernelModelChanged),
    whileWatched(progressDraft, kernelProgress),
    whileWatched(deltaDraft, kernelDelta),
  ],
  says: [
    acceptMessageRequest,
    stopSessionRequest,
    answerApprovalRequest,
    listAsksRequest,
    describeRequest,
    describeToolsRequest,
    listSessionsRequest,
    listOpenRequest,
    readTranscriptRequest,
    readLogRequest,
    listRequest,
    readRequest,
    sendRequest,
    receiveRequest,
    contentStream,
    deleteRequest,
    moveRequest,
    historyRequest,
    undoRequest,
    readChangesRequest,
    readActivityRequest,
    recordActivityRequest,
    verifyActivityRequest,
    exportActivityRequest,
    useAppStorageRequest,
    queryAppDataRequest,
    setSecretRequest,
    listSecretsRequest,
    removeSecretRequest,
  ],
});
