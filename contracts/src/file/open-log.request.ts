import { z } from "zod";
import { defineRequest } from "../define.ts";
import { answer } from "../policy/question.ts";
import { taints } from "../policy/taint.ts";
import { exampleLine } from "../turn/examples.ts";
import { journalLine, turnName } from "../turn/record.ts";
import { examples } from "../values.ts";

/** Journal lines of one page, at most ~200 KB (always at least one line); read on with `file.request.read-log` while `more`. */
export const logPage = z.object({ lines: z.array(journalLine), more: z.boolean() });

const request = turnName.extend({ owner: z.string().max(100) });

/** Takes a turn over: writes a fence with a new epoch (fsynced) and answers the journal so far; older epochs can't append any more. */
export const openLogRequest = defineRequest({
  id: "file.request.open-log",
  summary: "Take over a turn's journal",
  request,
  reply: logPage.extend({
    epoch: z.number().int().positive(),
    /** Lines in the journal, the fence included. */
    length: z.number().int().positive(),
    stopRequested: z.boolean(),
    ended: z.boolean(),
    /** Answers to questions of this turn, and questions whose time is over. */
    answers: z.array(answer).optional(),
    /** Labels that earlier turns left on the session. */
    taint: taints.optional(),
  }),
  example: {
    request: { session: examples.session, turn: examples.turn, owner: "kernel-1" },
    reply: { lines: [exampleLine], more: false, epoch: 1, length: 1, stopRequested: false, ended: false },
  },
});
