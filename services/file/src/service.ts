import { answerAskRequest } from "@matrix-os/contracts/file/answer-ask.request";
import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { dropWorkspaceRequest } from "@matrix-os/contracts/file/drop-workspace.request";
import { editRequest } from "@matrix-os/contracts/file/edit.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { listAsksRequest } from "@matrix-os/contracts/file/list-asks.request";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { listOutboxRequest } from "@matrix-os/contracts/file/list-outbox.request";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { previewRequest } from "@matrix-os/contracts/file/preview.request";
import { queryAppDataRequest } from "@matrix-os/contracts/file/query-app-data.request";
import { exportActivityRequest } from "@matrix-os/contracts/file/export-activity.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import { readChangesRequest } from "@matrix-os/contracts/file/read-changes.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import { recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import { storeSummaryRequest } from "@matrix-os/contracts/file/store-summary.request";
import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import { requestStopRequest } from "@matrix-os/contracts/file/request-stop.request";
import { searchRequest } from "@matrix-os/contracts/file/search.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import { settlePartRequest } from "@matrix-os/contracts/file/settle-part.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { takeLeadRequest } from "@matrix-os/contracts/file/take-lead.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { useAppStorageRequest } from "@matrix-os/contracts/file/use-app-storage.request";
import { verifyActivityRequest } from "@matrix-os/contracts/file/verify-activity.request";
import { withdrawMessageRequest } from "@matrix-os/contracts/file/withdraw-message.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { writtenEvent } from "@matrix-os/contracts/file/written.event";
import { readFingerprintsRequest } from "@matrix-os/contracts/vault/read-fingerprints.request";
import { secretsChangedEvent } from "@matrix-os/contracts/vault/secrets-changed.event";
import { answer, defineService, follow } from "@matrix-os/runtime/service";
import { readFileConfig } from "./config.ts";
import { createFileDeps } from "./deps.ts";
import { vaultSecretsChanged } from "./on-event/vault-secrets-changed.ts";
import { answerAsk } from "./on-request/answer-ask.ts";
import { appendLog } from "./on-request/append-log.ts";
import { checkIn } from "./on-request/check-in.ts";
import { checkOut } from "./on-request/check-out.ts";
import { deletePath } from "./on-request/delete.ts";
import { dropWorkspace } from "./on-request/drop-workspace.ts";
import { edit } from "./on-request/edit.ts";
import { finishTurn } from "./on-request/finish-turn.ts";
import { history } from "./on-request/history.ts";
import { listOutbox } from "./on-request/list-outbox.ts";
import { listAsks } from "./on-request/list-asks.ts";
import { listOpen } from "./on-request/list-open.ts";
import { listSessions } from "./on-request/list-sessions.ts";
import { list } from "./on-request/list.ts";
import { move } from "./on-request/move.ts";
import { openLog } from "./on-request/open-log.ts";
import { preview } from "./on-request/preview.ts";
import { queryAppData } from "./on-request/query-app-data.ts";
import { exportActivity } from "./on-request/export-activity.ts";
import { readActivity } from "./on-request/read-activity.ts";
import { readChanges } from "./on-request/read-changes.ts";
import { readLog } from "./on-request/read-log.ts";
import { readTranscript } from "./on-request/read-transcript.ts";
import { read } from "./on-request/read.ts";
import { receive } from "./on-request/receive.ts";
import { recordActivity } from "./on-request/record-activity.ts";
import { storeSummary } from "./on-request/store-summary.ts";
import { recordUsage } from "./on-request/record-usage.ts";
import { requestStop } from "./on-request/request-stop.ts";
import { search } from "./on-request/search.ts";
import { send } from "./on-request/send.ts";
import { settlePart } from "./on-request/settle-part.ts";
import { storeMessage } from "./on-request/store-message.ts";
import { takeLead } from "./on-request/take-lead.ts";
import { undo } from "./on-request/undo.ts";
import { useAppStorage } from "./on-request/use-app-storage.ts";
import { verifyActivity } from "./on-request/verify-activity.ts";
import { withdrawMessage } from "./on-request/withdraw-message.ts";
import { write } from "./on-request/write.ts";

/** The home: the only service that writes the owner's files. */
export const fileService = defineService({
  name: "file",
  description: "The home: files, history, turn logs",
  readConfig: readFileConfig,
  createDeps: createFileDeps,
  hears: [
    follow(secretsChangedEvent, vaultSecretsChanged),
    answer(readRequest, read),
    answer(listRequest, list),
    answer(searchRequest, search),
    answer(sendRequest, send),
    answer(writeRequest, write),
    answer(editRequest, edit),
    answer(moveRequest, move),
    answer(deleteRequest, deletePath),
    answer(receiveRequest, receive),
    answer(historyRequest, history),
    answer(undoRequest, undo),
    answer(previewRequest, preview),
    answer(readChangesRequest, readChanges),
    answer(storeMessageRequest, storeMessage),
    answer(withdrawMessageRequest, withdrawMessage),
    answer(listOpenRequest, listOpen),
    answer(requestStopRequest, requestStop),
    answer(answerAskRequest, answerAsk),
    answer(listAsksRequest, listAsks),
    answer(openLogRequest, openLog),
    answer(appendLogRequest, appendLog),
    answer(readLogRequest, readLog),
    answer(finishTurnRequest, finishTurn),
    answer(takeLeadRequest, takeLead),
    answer(listOutboxRequest, listOutbox),
    answer(settlePartRequest, settlePart),
    answer(readTranscriptRequest, readTranscript),
    answer(listSessionsRequest, listSessions),
    answer(recordActivityRequest, recordActivity),
    answer(readActivityRequest, readActivity),
    answer(verifyActivityRequest, verifyActivity),
    answer(exportActivityRequest, exportActivity),
    answer(recordUsageRequest, recordUsage),
    answer(storeSummaryRequest, storeSummary),
    answer(queryAppDataRequest, queryAppData),
    answer(useAppStorageRequest, useAppStorage),
    answer(checkOutRequest, checkOut),
    answer(checkInRequest, checkIn),
    answer(dropWorkspaceRequest, dropWorkspace),
  ],
  says: [readFingerprintsRequest, writtenEvent, contentStream],
});
