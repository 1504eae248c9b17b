import {
  type StoredMessage,
  type TranscriptEntry,
  type TurnStatus,
  type Usage,
  noUsage,
  sessionFile,
  turnStatus,
} from "@matrix-os/contracts/turn/message";
import { type Taint, joinTaints, taints } from "@matrix-os/contracts/policy/taint";
import { token } from "@matrix-os/contracts/values";
import { z } from "zod";

const schema = sessionFile.extend({
  lastStatus: turnStatus.optional(),
  messageCount: z.number().int().nonnegative().default(0),
  /** The turn whose usage was added last, so that finishing it again adds nothing. */
  lastTurn: token.optional(),
  /** Whose words the conversation holds, beside the owner's. */
  taint: taints.optional(),
});

/** What `session.json` holds: the contract's session file, and what lists show beside it. */
export type SessionRecord = z.infer<typeof schema>;

const MAX_TITLE_LENGTH = 60;

/** A new session, named after the first line of its first message. */
export function createSessionRecord(
  id: string,
  message: Pick<StoredMessage, "text" | "replyTo">,
  at: string,
): SessionRecord {
  return {
    id,
    title: toTitle(message.text),
    channel: message.replyTo.channel,
    createdAt: at,
    updatedAt: at,
    usage: noUsage,
    messageCount: 0,
  };
}

function toTitle(text: string): string {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  const characters = [...line];
  return characters.length <= MAX_TITLE_LENGTH
    ? line
    : `${characters
        .slice(0, MAX_TITLE_LENGTH - 1)
        .join("")
        .trimEnd()}…`;
}

/** The record in a text, or `undefined` when it is damaged. */
export function parseSessionRecord(text: string): SessionRecord | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A record made from what the transcript tells, for a session whose own file is lost. */
export function deriveSessionRecord(id: string, entries: readonly TranscriptEntry[]): SessionRecord {
  const first = entries.find((entry) => entry.role === "user");
  const at = first?.at ?? new Date(0).toISOString();
  const base = createSessionRecord(
    id,
    { text: first?.text ?? id, replyTo: { channel: "web", account: "owner", chat: id } },
    at,
  );
  const last = entries.at(-1);
  const usage = entries.reduce((sum, entry) => (entry.usage === undefined ? sum : addUsage(sum, entry.usage)), noUsage);
  return {
    ...base,
    updatedAt: last?.at ?? at,
    usage,
    messageCount: entries.length,
    ...toLast(last),
  };
}

/** The usage of the last turn is in the sum: a crash may have left the rest of its ending to do, which must not add it again. */
function toLast(last: TranscriptEntry | undefined): Pick<SessionRecord, "lastTurn" | "lastStatus"> {
  return {
    ...(last?.usage === undefined ? {} : { lastTurn: last.turn }),
    ...(last?.status === undefined ? {} : { lastStatus: last.status }),
  };
}

/** What a finished turn tells its session. */
export interface FinishedTurn {
  readonly turn: string;
  readonly status: TurnStatus;
  readonly usage: Usage;
  readonly model: string;
  readonly messageCount: number;
  readonly taint?: readonly Taint[] | undefined;
}

/** The session after a turn ended; the same turn again adds nothing. */
export function withFinishedTurn(session: SessionRecord, finished: FinishedTurn, at: string): SessionRecord {
  const usage = session.lastTurn === finished.turn ? session.usage : addUsage(session.usage, finished.usage);
  const { turn, status, model, messageCount } = finished;
  return {
    ...session,
    updatedAt: at,
    lastStatus: status,
    messageCount,
    lastTurn: turn,
    usage,
    ...toTaint(joinTaints(session.taint, finished.taint)),
    ...(model === "" ? {} : { model }),
  };
}

function toTaint(taint: Taint[]): Pick<SessionRecord, "taint"> {
  return taint.length === 0 ? {} : { taint };
}

/** The sum of two usages. */
export function addUsage(sum: Usage, more: Usage): Usage {
  return {
    inputTokens: sum.inputTokens + more.inputTokens,
    outputTokens: sum.outputTokens + more.outputTokens,
    cacheReadTokens: sum.cacheReadTokens + more.cacheReadTokens,
    cacheWriteTokens: sum.cacheWriteTokens + more.cacheWriteTokens,
    costUsd: sum.costUsd + more.costUsd,
  };
}
