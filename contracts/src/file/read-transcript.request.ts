import { z } from "zod";
import { defineRequest } from "../define.ts";
import { exampleEntry } from "../turn/examples.ts";
import { sessionSummary, transcriptEntry } from "../turn/message.ts";
import { examples, token } from "../values.ts";

const request = z.object({
  session: token,
  /** First entry wanted, counted from 0; a negative number counts from the end. */
  from: z.number().int().default(0),
  /** Leave the model's own form of each turn out. */
  brief: z.boolean().default(false),
  /** Answer the session's summary, if it has one, and where to read on behind it, instead of entries. */
  afterSummary: z.boolean().optional(),
});

/** Finished messages of a session in order; a page is at most ~200 KB (always at least one). Errors: `not-found`. */
export const readTranscriptRequest = defineRequest({
  id: "file.request.read-transcript",
  summary: "Read finished messages of a session",
  request,
  reply: z.object({
    entries: z.array(transcriptEntry),
    /** The place of the first entry answered. */
    from: z.number().int().nonnegative(),
    total: z.number().int().nonnegative(),
    summary: sessionSummary.optional(),
  }),
  example: {
    request: { session: examples.session, from: 0, brief: false },
    reply: { entries: [exampleEntry], from: 0, total: 1 },
  },
});
