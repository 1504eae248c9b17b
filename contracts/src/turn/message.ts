import { z } from "zod";
import { errorBody } from "../errors.ts";
import { taints } from "../policy/taint.ts";
import { instant, token } from "../values.ts";

/** Characters that one message may have; longer text belongs into a file. */
export const MAX_TEXT_LENGTH = 32_000;

/** Where the answer to a message goes. It belongs to the message, never to the session. */
export const replyTarget = z.object({
  channel: token,
  account: z.string().max(200),
  chat: z.string().max(200),
  /** Set by channels that are written to: characters that one message there may have. Without it the answer is only read. */
  maxTextLength: z.number().int().min(20).optional(),
});

/**
 * What a message does while a turn of its session runs. `followup` (default): waits its turn. `steer`: joins the running turn at
 * its next step. `collect`: waits, and joins those beside it in one turn. `interrupt`: stops what runs and waits before it.
 */
export const queueMode = z.enum(["followup", "steer", "collect", "interrupt"]);

/** A message as a channel hands it in. */
export const incomingMessage = z.object({
  text: z.string().min(1).max(MAX_TEXT_LENGTH),
  sender: z.string().max(200),
  replyTo: replyTarget,
  /** Not set: what the owner's settings say. */
  mode: queueMode.optional(),
  /** Turns before this one that the sender holds itself (stateless API clients). */
  context: z.string().max(MAX_TEXT_LENGTH).optional(),
  /** Whose words these are, where they are not the owner's own. */
  taint: taints.optional(),
});

/** A message as its inbox file keeps it: immutable, numbered by arrival. */
export const storedMessage = incomingMessage.extend({
  /** SHA-256 of channel, account, chat and native id; also the name of its turn. */
  key: token,
  session: token,
  arrival: z.number().int().positive(),
  at: instant,
});

/** How a turn ended. `failed` can be retried. */
export const turnStatus = z.enum(["done", "failed", "stopped"]);

/** What an owner is told beside an answer. `budget-warning`: four fifths of a budget are spent. `compacted`: earlier turns were summarised. */
export const noticeCode = z.enum(["budget-warning", "compacted"]);

/** Tokens and money of model calls. */
export const usage = z.object({
  inputTokens: z.number().nonnegative(),
  outputTokens: z.number().nonnegative(),
  cacheReadTokens: z.number().nonnegative(),
  cacheWriteTokens: z.number().nonnegative(),
  costUsd: z.number().nonnegative(),
});

/** One tool call as people see it. */
export const step = z.object({
  call: z.string(),
  tool: z.string(),
  label: z.string(),
  state: z.enum(["running", "done", "failed", "in-doubt"]),
});

/** One line of a transcript: a finished message, as people and other devices read it. */
export const transcriptEntry = z.object({
  id: z.string(),
  turn: token,
  arrival: z.number().int().positive(),
  role: z.enum(["user", "assistant"]),
  text: z.string(),
  at: instant,
  steps: z.array(step).default([]),
  status: turnStatus.optional(),
  error: errorBody.optional(),
  usage: usage.optional(),
  /** The turn in the model's own form, for the next turn's prompt; may be shortened. */
  exchange: z.array(z.record(z.string(), z.unknown())).optional(),
});

/** What stands for the older turns of a session in later prompts; the turns themselves stay in the transcript. */
export const sessionSummary = z.object({
  /** The arrival number of the last turn that it covers. */
  upTo: z.number().int().nonnegative(),
  /** How many entries of the transcript it covers. */
  entries: z.number().int().nonnegative(),
  text: z.string().max(40_000),
  /** What the text must hold word for word, each with the sentence it stood in. */
  facts: z.array(z.object({ value: z.string().max(500), context: z.string().max(500) })).max(500),
});

/** What `session.json` holds. */
export const sessionFile = z.object({
  id: token,
  title: z.string(),
  channel: token,
  createdAt: instant,
  updatedAt: instant,
  model: z.string().optional(),
  usage,
});

/** A message on its way in. */
export type IncomingMessage = z.infer<typeof incomingMessage>;
/** What a message does while a turn runs. */
export type QueueMode = z.infer<typeof queueMode>;
/** A message in the inbox. */
export type StoredMessage = z.infer<typeof storedMessage>;
/** A finished message. */
export type TranscriptEntry = z.infer<typeof transcriptEntry>;
/** A tool call for people. */
export type Step = z.infer<typeof step>;
/** Tokens and money. */
export type Usage = z.infer<typeof usage>;
/** What an owner is told beside an answer. */
export type NoticeCode = z.infer<typeof noticeCode>;
/** How a turn ended. */
export type TurnStatus = z.infer<typeof turnStatus>;
/** What stands for older turns. */
export type SessionSummary = z.infer<typeof sessionSummary>;
/** A session's own file. */
export type SessionFile = z.infer<typeof sessionFile>;

/** No tokens, no money. */
export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 };
