import { z } from "zod";
import { instant, token } from "../values.ts";
import { taints } from "./taint.ts";

/** Bytes of detail that a question shows; what is longer is refused instead of asked, for nobody could see it whole. */
export const MAX_DETAIL_BYTES = 24_000;

/** One line of a difference. */
const diffLine = z.object({ kind: z.enum(["same", "added", "removed"]), text: z.string() });

/** What exactly would happen, in the operating system's own words; no word of it is the model's, except where it is quoted. */
export const questionWords = z.object({
  /** One sentence. */
  title: z.string(),
  /** Why it is asked. */
  why: z.string(),
  /** Exact arguments, each on a line of its own. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  /** How a file would change. */
  diff: z.array(diffLine).optional(),
});

const question = z.object({
  ask: token,
  call: z.string(),
  tool: z.string(),
  /** SHA-256 of tool, arguments, target and labels: an answer counts for exactly this. */
  argsHash: z.string(),
  target: z.string(),
  words: questionWords,
  taint: taints,
  expiresAt: instant,
});

/** What the owner is asked before a call runs. */
export const askRecord = z.object({ kind: z.literal("ask"), ...question.shape });

/** `expired`: nobody answered in time. */
export const verdict = z.enum(["allow", "deny", "expired"]);

/** What came of a question. `by` names the surface that answered. */
export const approvalRecord = z.object({
  kind: z.literal("approval"),
  ask: token,
  call: z.string(),
  verdict,
  by: z.string().max(80),
  /** When it was answered; an answer counts for ten minutes. */
  at: instant,
});

/** A question that waits for its answer. */
export const pendingQuestion = question.extend({ session: token, turn: token, askedAt: instant });

/** An answer as its file keeps it. */
export const answer = approvalRecord.omit({ kind: true });

/** What the owner is asked. */
export type AskRecord = z.infer<typeof askRecord>;
/** What came of a question. */
export type ApprovalRecord = z.infer<typeof approvalRecord>;
/** A question that waits for its answer. */
export type PendingQuestion = z.infer<typeof pendingQuestion>;
/** The words of a question. */
export type QuestionWords = z.infer<typeof questionWords>;
/** A line of a difference. */
export type DiffLine = z.infer<typeof diffLine>;
/** An answer as its file keeps it. */
export type Answer = z.infer<typeof answer>;
