import { z } from "zod";
import { historyRequest } from "../file/history.request.ts";
import { undoRequest } from "../file/undo.request.ts";
import { homePath, token } from "../values.ts";
import { defineRoute } from "./route.ts";

/** What changed the home, newest first. */
export const readHistoryRoute = defineRoute({
  method: "GET",
  path: "/history",
  summary: "List what changed the home, newest first",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** Entries older than this one. */
    before: token.optional(),
    path: homePath.optional(),
  }),
  reply: historyRequest.reply,
});

/** No body, or no entry: the newest that can be undone (or redone). */
export const undoBody = z.object({ entry: token.optional() }).nullish();

/** Takes one history entry back, itself a new entry. Errors: `nothing-to-undo`, `not-found`. */
export const undoRoute = defineRoute({
  method: "POST",
  path: "/undo",
  summary: "Take back one history entry",
  body: undoBody,
  reply: undoRequest.reply,
});

/** Brings an undone history entry back. Errors: `nothing-to-undo`, `not-found`. */
export const redoRoute = defineRoute({
  method: "POST",
  path: "/redo",
  summary: "Redo one undone history entry",
  body: undoBody,
  reply: undoRequest.reply,
});

/** A page of the history. */
export type History = z.infer<typeof historyRequest.reply>;
/** What an undo or redo did. */
export type Undone = z.infer<typeof undoRequest.reply>;
