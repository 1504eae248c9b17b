import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { messageAcceptedEvent } from "@matrix-os/contracts/dispatcher/message-accepted.event";
import { nextInputRequest } from "@matrix-os/contracts/dispatcher/next-input.request";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { requestStopRequest } from "@matrix-os/contracts/file/request-stop.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import { answer, defineService } from "@matrix-os/runtime/service";
import { readDispatcherConfig } from "./config.ts";
import { createDispatcherDeps } from "./deps.ts";
import { acceptMessage } from "./on-request/accept-message.ts";
import { nextInput } from "./on-request/next-input.ts";
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
    answer(stopSessionRequest, stopSession),
  ],
  says: [messageAcceptedEvent, runTurnCommand, stopControl, storeMessageRequest, listOpenRequest, requestStopRequest],
});
