import type { RequestContract } from "./define.ts";
import { deleteRequest } from "./file/delete.request.ts";
import { editRequest } from "./file/edit.request.ts";
import { listRequest } from "./file/list.request.ts";
import { moveRequest } from "./file/move.request.ts";
import { readRequest } from "./file/read.request.ts";
import { searchRequest } from "./file/search.request.ts";
import { undoRequest } from "./file/undo.request.ts";
import { writeRequest } from "./file/write.request.ts";
import { rememberRequest } from "./kernel/remember.request.ts";
import { fetchPageRequest } from "./tools/fetch-page.request.ts";
import { readProcessRequest } from "./tools/read-process.request.ts";
import { runCommandRequest } from "./tools/run-command.request.ts";
import { searchWebRequest } from "./tools/search-web.request.ts";
import { stopProcessRequest } from "./tools/stop-process.request.ts";

/** The system calls: every request with a tool face, in the order the model sees them (a fixed order keeps the prompt cached). */
export const toolContracts = [
  readRequest,
  writeRequest,
  editRequest,
  listRequest,
  searchRequest,
  moveRequest,
  deleteRequest,
  undoRequest,
  rememberRequest,
  runCommandRequest,
  readProcessRequest,
  stopProcessRequest,
  fetchPageRequest,
  searchWebRequest,
] as unknown as readonly RequestContract[];
