import { anyDeliverRequest } from "./channel/deliver.ts";
import type { Contract } from "./define.ts";
import { answerApprovalRequest } from "./dispatcher/answer-approval.request.ts";
import { acceptMessageRequest } from "./dispatcher/accept-message.request.ts";
import { messageAcceptedEvent } from "./dispatcher/message-accepted.event.ts";
import { readJoiningRequest } from "./dispatcher/read-joining.request.ts";
import { nextInputRequest } from "./dispatcher/next-input.request.ts";
import { replyUndeliveredEvent } from "./dispatcher/reply-undelivered.event.ts";
import { stopSessionRequest } from "./dispatcher/stop-session.request.ts";
import { answerAskRequest } from "./file/answer-ask.request.ts";
import { appendLogRequest } from "./file/append-log.request.ts";
import { checkInRequest } from "./file/check-in.request.ts";
import { checkOutRequest } from "./file/check-out.request.ts";
import { contentStream } from "./file/content.stream.ts";
import { deleteRequest } from "./file/delete.request.ts";
import { dropWorkspaceRequest } from "./file/drop-workspace.request.ts";
import { editRequest } from "./file/edit.request.ts";
import { exportActivityRequest } from "./file/export-activity.request.ts";
import { finishTurnRequest } from "./file/finish-turn.request.ts";
import { historyRequest } from "./file/history.request.ts";
import { listAsksRequest } from "./file/list-asks.request.ts";
import { listOpenRequest } from "./file/list-open.request.ts";
import { listOutboxRequest } from "./file/list-outbox.request.ts";
import { listRequest } from "./file/list.request.ts";
import { listSessionsRequest } from "./file/list-sessions.request.ts";
import { moveRequest } from "./file/move.request.ts";
import { openLogRequest } from "./file/open-log.request.ts";
import { previewRequest } from "./file/preview.request.ts";
import { readActivityRequest } from "./file/read-activity.request.ts";
import { readChangesRequest } from "./file/read-changes.request.ts";
import { readLogRequest } from "./file/read-log.request.ts";
import { readRequest } from "./file/read.request.ts";
import { readTranscriptRequest } from "./file/read-transcript.request.ts";
import { receiveRequest } from "./file/receive.request.ts";
import { recordActivityRequest } from "./file/record-activity.request.ts";
import { recordUsageRequest } from "./file/record-usage.request.ts";
import { requestStopRequest } from "./file/request-stop.request.ts";
import { searchRequest } from "./file/search.request.ts";
import { sendRequest } from "./file/send.request.ts";
import { storeSummaryRequest } from "./file/store-summary.request.ts";
import { settlePartRequest } from "./file/settle-part.request.ts";
import { storeMessageRequest } from "./file/store-message.request.ts";
import { takeLeadRequest } from "./file/take-lead.request.ts";
import { queryAppDataRequest } from "./file/query-app-data.request.ts";
import { undoRequest } from "./file/undo.request.ts";
import { useAppStorageRequest } from "./file/use-app-storage.request.ts";
import { verifyActivityRequest } from "./file/verify-activity.request.ts";
import { withdrawMessageRequest } from "./file/withdraw-message.request.ts";
import { writeRequest } from "./file/write.request.ts";
import { writtenEvent } from "./file/written.event.ts";
import { approvalsChangedEvent } from "./kernel/approvals-changed.event.ts";
import { describeRequest } from "./kernel/describe.request.ts";
import { deltaDraft } from "./kernel/delta.draft.ts";
import { modelChangedEvent } from "./kernel/model-changed.event.ts";
import { progressDraft } from "./kernel/progress.draft.ts";
import { rememberRequest } from "./kernel/remember.request.ts";
import { runTurnCommand } from "./kernel/run-turn.command.ts";
import { steerControl } from "./kernel/steer.control.ts";
import { stopControl } from "./kernel/stop.control.ts";
import { turnFinishedEvent } from "./kernel/turn-finished.event.ts";
import { readSearchKeyRequest } from "./vault/read-search-key.request.ts";
import { readFingerprintsRequest } from "./vault/read-fingerprints.request.ts";
import { readModelKeyRequest } from "./vault/read-model-key.request.ts";
import { removeSecretRequest } from "./vault/remove-secret.request.ts";
import { listSecretsRequest } from "./vault/list-secrets.request.ts";
import { secretsChangedEvent } from "./vault/secrets-changed.event.ts";
import { setSecretRequest } from "./vault/set-secret.request.ts";
import { describeToolsRequest } from "./tools/describe.request.ts";
import { fetchPageRequest } from "./tools/fetch-page.request.ts";
import { searchWebRequest } from "./tools/search-web.request.ts";
import { listProcessesRequest } from "./tools/list-processes.request.ts";
import { readProcessRequest } from "./tools/read-process.request.ts";
import { runCommandRequest } from "./tools/run-command.request.ts";
import { stopCommandsControl } from "./tools/stop.control.ts";
import { stopProcessRequest } from "./tools/stop-process.request.ts";

/** Every message of the system; snapshots, the AsyncAPI document and the permission table are made from this list. */
export const allContracts = [
  acceptMessageRequest,
  answerApprovalRequest,
  messageAcceptedEvent,
  nextInputRequest,
  readJoiningRequest,
  replyUndeliveredEvent,
  stopSessionRequest,
  answerAskRequest,
  appendLogRequest,
  checkInRequest,
  checkOutRequest,
  contentStream,
  deleteRequest,
  dropWorkspaceRequest,
  editRequest,
  exportActivityRequest,
  finishTurnRequest,
  historyRequest,
  listAsksRequest,
  listOpenRequest,
  listOutboxRequest,
  listRequest,
  listSessionsRequest,
  moveRequest,
  openLogRequest,
  previewRequest,
  readActivityRequest,
  readChangesRequest,
  readLogRequest,
  readRequest,
  readTranscriptRequest,
  receiveRequest,
  recordActivityRequest,
  recordUsageRequest,
  requestStopRequest,
  searchRequest,
  sendRequest,
  settlePartRequest,
  storeMessageRequest,
  storeSummaryRequest,
  queryAppDataRequest,
  undoRequest,
  useAppStorageRequest,
  verifyActivityRequest,
  takeLeadRequest,
  withdrawMessageRequest,
  writeRequest,
  writtenEvent,
  approvalsChangedEvent,
  deltaDraft,
  describeRequest,
  modelChangedEvent,
  progressDraft,
  rememberRequest,
  runTurnCommand,
  steerControl,
  stopControl,
  turnFinishedEvent,
  readSearchKeyRequest,
  fetchPageRequest,
  searchWebRequest,
  readFingerprintsRequest,
  readModelKeyRequest,
  removeSecretRequest,
  listSecretsRequest,
  secretsChangedEvent,
  setSecretRequest,
  describeToolsRequest,
  listProcessesRequest,
  readProcessRequest,
  runCommandRequest,
  stopCommandsControl,
  stopProcessRequest,
] as unknown as readonly Contract[];

/** Messages of which every channel has one of its own. */
export const contractFamilies = [anyDeliverRequest] as unknown as readonly Contract[];
