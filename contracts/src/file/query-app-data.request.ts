import { z } from "zod";
import { sqlStatement } from "../app/bridge.ts";
import { appName } from "../app/manifest.ts";
import { defineRequest } from "../define.ts";

/** Rows that one answer may have. */
export const MAX_ROWS = 1_000;

const request = z.object({ app: appName, statement: sqlStatement });

const reply = z.object({
  rows: z.array(z.record(z.string(), z.unknown())),
  changedRows: z.number().int().nonnegative(),
  truncated: z.boolean(),
});

/**
 * One SQL statement on an app's own database, with parameters; migrations of its manifest run first. It may take one second.
 * Other databases and settings of the engine can't be reached. Errors: `invalid` (the statement), `timed-out`, `too-large`, `denied`.
 */
export const queryAppDataRequest = defineRequest({
  id: "file.request.query-app-data",
  summary: "Run one SQL statement on an app's own database",
  request,
  reply,
  example: {
    request: { app: "water", statement: { text: "SELECT day FROM drunk WHERE glasses > ?", parameters: [3] } },
    reply: { rows: [{ day: "2026-11-24" }], changedRows: 0, truncated: false },
  },
});
