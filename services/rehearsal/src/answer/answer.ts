import type { AppTemplates } from "../app-files/load-app-templates.ts";
import type { Prompt } from "../messages-api/schemas.ts";
import type { Intent } from "../understand/intent.ts";
import { understand } from "../understand/understand.ts";
import { readConversation } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";
import { openDesk } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { replay } from "./replay.ts";
import { TaskFailed } from "./script.ts";
import type { Outcome, PlannedBlock, Script } from "./script.ts";
import { summaryOf } from "./summary.ts";
import { scriptFor } from "./tasks/script-for.ts";

/** The next assistant message for a conversation. A pure function: no memory, no clock, no chance. */
export function answer(prompt: Prompt, templates: AppTemplates): PlannedBlock[] {
  const conversation = readConversation(prompt);
  return replay(perform(intentsOf(conversation), openDesk(conversation, templates)), conversation);
}

function intentsOf({ requests, interjections }: Conversation): Intent[] {
  const added = interjections.flatMap(understand).filter(({ kind }) => kind !== "unknown");
  return [...requests.flatMap(understand), ...added];
}

/** All tasks of a turn, one after another; one that fails does not stop the next. */
function* perform(intents: Intent[], desk: Desk): Script<string> {
  const outcomes: Outcome[] = [];
  for (const intent of intents) outcomes.push(yield* performOne(intent, desk));
  return summaryOf(outcomes);
}

function* performOne(intent: Intent, desk: Desk): Script {
  try {
    return yield* scriptFor(intent, desk);
  } catch (error) {
    if (!(error instanceof TaskFailed)) throw error;
    return { succeeded: false, headline: error.message };
  }
}
