import { z } from "zod";
import { defineDraft } from "../define.ts";
import { exampleSessionEvent, sessionEvent } from "../shell/session-event.ts";
import { examples, token } from "../values.ts";

/**
 * What the journal of a running turn just gained (key: the session), lines `from` to `to`. Lossy: a listener that sees a
 * hole between `to` and the next `from` reads the journal.
 */
export const progressDraft = defineDraft({
  id: "kernel.draft.progress",
  summary: "What a running turn just recorded",
  body: z.object({
    session: token,
    turn: token,
    arrival: z.number().int().positive(),
    from: z.number().int().positive(),
    to: z.number().int().positive(),
    events: z.array(sessionEvent),
  }),
  example: {
    session: examples.session,
    turn: examples.turn,
    arrival: 7,
    from: 2,
    to: 2,
    events: [exampleSessionEvent],
  },
});
