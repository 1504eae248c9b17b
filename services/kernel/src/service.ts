import { nextInputRequest } from "@matrix-os/contracts/dispatcher/next-input.request";
import { readJoiningRequest } from "@matrix-os/contracts/dispatcher/read-joining.request";
import { appendLogRequest } from "@matrix-os/contracts/file/append-log.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { previewRequest } from "@matrix-os/contracts/file/preview.request";
import { readLogRequest } from "@matrix-os/contracts/file/read-log.request";
import { readTranscriptRequest } from "@matrix-os/contracts/file/read-transcript.request";
import { storeSummaryRequest } from "@matrix-os/contracts/file/store-summary.request";
import { recordUsageRequest } from "@matrix-os/contracts/file/record-usage.request";
import { writtenEvent } from "@matrix-os/contracts/file/written.event";
import { deltaDraft } from "@matrix-os/contracts/kernel/delta.draft";
import { approvalsChangedEvent } from "@matrix-os/contracts/kernel/approvals-changed.event";
import { describeRequest } from "@matrix-os/contracts/kernel/describe.request";
import { modelChangedEvent } from "@matrix-os/contracts/kernel/model-changed.event";
import { progressDraft } from "@matrix-os/contracts/kernel/progress.draft";
import { rememberRequest } from "@matrix-os/contracts/kernel/remember.request";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import { steerControl } from "@matrix-os/contracts/kernel/steer.control";
import { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import { turnFinishedEvent } from "@matrix-os/contracts/kernel/turn-finished.event";
import { toolContracts } from "@matrix-os/contracts/tools";
import { readFingerprintsRequest } from "@matrix-os/contracts/vault/read-fingerprints.request";
import { readModelKeyRequest } from "@matrix-os/contracts/vault/read-model-key.request";
import { secretsChangedEvent } from "@matrix-os/contracts/vault/secrets-changed.event";
import { answer, defineService, follow, work } from "@matrix-os/runtime/service";
import { readKernelConfig } from "./config.ts";
import { createKernelDeps } from "./deps.ts";
import { runTurns } from "./on-command/run-turn.ts";
import { steer } from "./on-control/steer.ts";
import { stop } from "./on-control/stop.ts";
import { fileWritten } from "./on-event/file-written.ts";
import { vaultSecretsChanged } from "./on-event/vault-secrets-changed.ts";
import { describe } from "./on-request/describe.ts";
import { remember } from "./on-request/remember.ts";

/** The kernel's map: what it hears, who handles it, what it says. */
export const kernelService = defineService({
  name: "kernel",
  description: "Thinks: runs turns with the model and the system calls",
  readConfig: readKernelConfig,
  createDeps: createKernelDeps,
  hears: [
    work(runTurnCommand, runTurns),
    follow(stopControl, stop),
    follow(steerControl, steer),
    follow(writtenEvent, fileWritten),
    follow(secretsChangedEvent, vaultSecretsChanged),
    answer(describeRequest, describe),
    answer(rememberRequest, remember),
  ],
  says: [
    deltaDraft,
    progressDraft,
    turnFinishedEvent,
    approvalsChangedEvent,
    runTurnCommand,
    nextInputRequest,
    readJoiningRequest,
    openLogRequest,
    appendLogRequest,
    readLogRequest,
    previewRequest,
    finishTurnRequest,
    readTranscriptRequest,
    listSessionsRequest,
    recordUsageRequest,
    modelChangedEvent,
    readModelKeyRequest,
    readFingerprintsRequest,
    storeSummaryRequest,
    ...toolContracts,
  ],
});
