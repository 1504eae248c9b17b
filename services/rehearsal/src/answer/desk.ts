import type { AppTemplates } from "../app-files/load-app-templates.ts";
import type { ContentBlock } from "../messages-api/schemas.ts";
import { textIn, toolCallsIn } from "./conversation.ts";
import type { Conversation } from "./conversation.ts";

/** What «it» means, and what else a task may look at. Tasks move it on as they work. */
export interface Desk {
  currentApp?: string;
  currentFile?: string;
  /** Which of the two was touched last. */
  latest?: "app" | "file";
  templates: AppTemplates;
  earlierRequests: string[];
  /** The date the instructions mention, if any; this model has no clock. */
  today?: string;
}

/** The desk as the conversation before this turn left it. */
export function openDesk({ earlier, system }: Conversation, templates: AppTemplates): Desk {
  const said = earlier.filter(({ role }) => role === "user").map(textIn);
  const desk: Desk = { templates, earlierRequests: said.filter((text) => text.trim() !== "") };
  const today = /\b(?:date|today|now|time)\b[^\n]{0,40}?(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d)?)/i.exec(system)?.[1];
  if (today) desk.today = today;
  for (const message of earlier.filter(({ role }) => role === "assistant")) {
    const changed = toolCallsIn(message).flatMap(changedPaths);
    for (const path of [...changed, ...mentionedPaths(textIn(message))]) touch(desk, path);
  }
  return desk;
}

/** Notes that a path was worked on. */
export function touch(desk: Desk, path: string): void {
  const app = /^apps\/([^/]+)/.exec(path)?.[1];
  if (app) desk.currentApp = app;
  else if (path) desk.currentFile = path;
  if (path) desk.latest = app ? "app" : "file";
}

function changedPaths({ name = "", input }: ContentBlock): string[] {
  if (!/^(?:write|edit|move)_file$/.test(name)) return [];
  const path = input?.["to"] ?? input?.["path"];
  return typeof path === "string" ? [path] : [];
}

function mentionedPaths(text: string): string[] {
  return [...text.matchAll(/\bapps\/[a-z0-9-]+\/|`([^`\s]+\.[a-z][a-z0-9]{0,7})`/g)].map(
    ([path, quoted]) => quoted ?? path,
  );
}
