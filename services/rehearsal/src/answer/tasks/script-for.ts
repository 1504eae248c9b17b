import type { Intent } from "../../understand/intent.ts";
import type { Desk } from "../desk.ts";
import type { Script } from "../script.ts";
import { changeApp } from "./change-app.ts";
import { createApp } from "./create-app.ts";
import { deleteApp } from "./delete-app.ts";
import { appendFile, deleteFile, moveFile, writeFile } from "./change-files.ts";
import { listFiles, readFile, searchFiles, summariseFile } from "./look-at-files.ts";
import { recall, redo, remember, undo } from "./memory.ts";
import { echo, summariseConversation, talk, unknown } from "./talk.ts";

type Scripts = { [Kind in Intent["kind"]]: (intent: Extract<Intent, { kind: Kind }>, desk: Desk) => Script };

const scripts: Scripts = {
  "create-app": createApp,
  "change-app": changeApp,
  "delete-app": deleteApp,
  "write-file": writeFile,
  "append-file": appendFile,
  "read-file": readFile,
  "list-files": listFiles,
  "search-files": searchFiles,
  "summarise-file": summariseFile,
  "summarise-conversation": summariseConversation,
  "move-file": moveFile,
  "delete-file": deleteFile,
  remember,
  recall,
  undo,
  redo,
  echo,
  talk,
  unknown,
};

/** The script that does what the intent asks for. */
export function scriptFor(intent: Intent, desk: Desk): Script {
  const script = scripts[intent.kind] as (intent: Intent, desk: Desk) => Script;
  return script(intent, desk);
}
