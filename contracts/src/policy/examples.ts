import { examples } from "../values.ts";
import type { PendingQuestion } from "./question.ts";

/** A question about a protected file. */
export const examplePending: PendingQuestion = {
  ask: "a_1",
  call: "call_1",
  tool: "write_file",
  argsHash: examples.hash,
  target: "system/soul.md",
  words: {
    title: "Change system/soul.md",
    why: "This file decides how the system behaves.",
    facts: [{ name: "File", value: "system/soul.md" }],
    diff: [{ kind: "added", text: "Be brief." }],
  },
  taint: [],
  expiresAt: examples.at,
  session: examples.session,
  turn: examples.turn,
  askedAt: examples.at,
};
