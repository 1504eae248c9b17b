import { z } from "zod";
import { errorBody } from "../errors.ts";
import { approvalRecord, askRecord } from "../policy/question.ts";
import { taints } from "../policy/taint.ts";
import { instant, token } from "../values.ts";
import { noticeCode, storedMessage, turnStatus, usage } from "./message.ts";

const block = z.looseObject({ type: z.string() });

/** One thing that happened in a turn. The journal keeps them in order; folding any prefix gives a valid model request. */
export const turnRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fence"), epoch: z.number().int().positive(), owner: z.string() }),
  z.object({
    kind: z.literal("begin"),
    input: storedMessage,
    model: z.string(),
    promptHash: z.string(),
    toolsHash: z.string(),
    /** Labels of everything that the turn begins with. */
    taint: taints.optional(),
    budget: z.object({ steps: z.number(), toolCalls: z.number(), durationMs: z.number(), costUsd: z.number() }),
    /** What making the prompt has used: a summary of earlier turns is the model's work, too. */
    usage: usage.optional(),
  }),
  z.object({
    kind: z.literal("model.request"),
    step: z.number().int().positive(),
    reservedUsd: z.number(),
    /** The model that was asked, where it is not the one of `begin`. */
    model: z.string().optional(),
  }),
  z.object({
    kind: z.literal("model.response"),
    step: z.number().int().positive(),
    content: z.array(block),
    stopReason: z.string(),
    usage,
    model: z.string(),
    requestId: z.string().optional(),
  }),
  z.object({
    kind: z.literal("model.failed"),
    step: z.number().int().positive(),
    error: errorBody,
    attempt: z.number().int(),
    /** What the call had used when it broke off. */
    usage: usage.optional(),
  }),
  z.object({
    kind: z.literal("tool.intent"),
    call: z.string(),
    name: z.string(),
    label: z.string(),
    args: z.unknown(),
    class: z.enum(["pure", "idempotent", "keyed", "unsafe"]),
  }),
  z.object({
    kind: z.literal("tool.result"),
    call: z.string(),
    text: z.string(),
    isError: z.boolean(),
    /** Whose words it may hold. */
    taint: taints.optional(),
  }),
  askRecord,
  approvalRecord,
  z.object({ kind: z.literal("tool.doubt"), call: z.string() }),
  z.object({ kind: z.literal("notice"), code: noticeCode, message: z.string() }),
  /** A message that joined this turn; the model reads it with its next request. */
  z.object({ kind: z.literal("steer"), input: storedMessage }),
  z.object({ kind: z.literal("outbox"), count: z.number().int().nonnegative() }),
  z.object({ kind: z.literal("end"), status: turnStatus, text: z.string(), error: errorBody.optional(), usage }),
]);

/** What a worker adds to a journal. */
export type TurnRecord = z.infer<typeof turnRecord>;

/** A record as it stands in the journal: numbered from 1 without gaps, chained by hash, dated. */
export const journalLine = z.object({
  n: z.number().int().positive(),
  at: instant,
  epoch: z.number().int().positive(),
  prev: z.string(),
  record: turnRecord,
});

/** A line of a journal. */
export type JournalLine = z.infer<typeof journalLine>;

/** Names one journal: a turn of a session. */
export const turnName = z.object({ session: token, turn: token });
