import { z } from "zod";
import { defineRequest } from "../define.ts";
import { exampleLine } from "../turn/examples.ts";
import { turnName } from "../turn/record.ts";
import { examples } from "../values.ts";
import { logPage } from "./open-log.request.ts";

/** A page of a journal from line `from` on. Errors: `not-found`. */
export const readLogRequest = defineRequest({
  id: "file.request.read-log",
  summary: "Read a turn's journal",
  request: turnName.extend({ from: z.number().int().positive().default(1) }),
  reply: logPage,
  example: {
    request: { session: examples.session, turn: examples.turn, from: 1 },
    reply: { lines: [exampleLine], more: false },
  },
});
