import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import { fetchPageRequest } from "@matrix-os/contracts/tools/fetch-page.request";
import { listProcessesRequest } from "@matrix-os/contracts/tools/list-processes.request";
import { readProcessRequest } from "@matrix-os/contracts/tools/read-process.request";
import { runCommandRequest } from "@matrix-os/contracts/tools/run-command.request";
import { searchWebRequest } from "@matrix-os/contracts/tools/search-web.request";
import { stopCommandsControl } from "@matrix-os/contracts/tools/stop.control";
import { stopProcessRequest } from "@matrix-os/contracts/tools/stop-process.request";
import { readSearchKeyRequest } from "@matrix-os/contracts/vault/read-search-key.request";
import { answer, defineService, follow } from "@matrix-os/runtime/service";
import { readToolsConfig } from "./config.ts";
import { createToolsDeps } from "./deps.ts";
import { stop } from "./on-control/stop.ts";
import { describe } from "./on-request/describe.ts";
import { fetchPage } from "./on-request/fetch-page.ts";
import { listProcesses } from "./on-request/list-processes.ts";
import { readProcess } from "./on-request/read-process.ts";
import { runCommand } from "./on-request/run-command.ts";
import { searchWeb } from "./on-request/search-web.ts";
import { stopProcess } from "./on-request/stop-process.ts";

/** The tools service's map: what it hears, who handles it, what it says. */
export const toolsService = defineService({
  name: "tools",
  description: "Runs commands in a sandbox, reads the web",
  readConfig: readToolsConfig,
  createDeps: createToolsDeps,
  hears: [
    answer(runCommandRequest, runCommand),
    answer(readProcessRequest, readProcess),
    answer(stopProcessRequest, stopProcess),
    answer(listProcessesRequest, listProcesses),
    answer(describeToolsRequest, describe),
    answer(fetchPageRequest, fetchPage),
    answer(searchWebRequest, searchWeb),
    follow(stopCommandsControl, stop),
  ],
  says: [checkOutRequest, checkInRequest, readRequest, recordActivityRequest, readSearchKeyRequest],
});
