import { z } from "zod";
import { defineDraft } from "../define.ts";
import { examples, token } from "../values.ts";

/** Text as the model writes it (key: the session), numbered from 0 in each step; the step's `text` event replaces it. */
export const deltaDraft = defineDraft({
  id: "kernel.draft.delta",
  summary: "Text as the model writes it",
  body: z.object({
    session: token,
    turn: token,
    step: z.number().int().positive(),
    number: z.number().int().nonnegative(),
    text: z.string(),
  }),
  example: { session: examples.session, turn: examples.turn, step: 1, number: 0, text: "Here" },
});
