import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "@matrix-os/bus";
import { toDeliverRequest } from "@matrix-os/contracts/channel/deliver";
import { replyUndeliveredEvent } from "@matrix-os/contracts/dispatcher/reply-undelivered.event";
import { type ErrorBody, toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { listOutboxRequest } from "@matrix-os/contracts/file/list-outbox.request";
import { settlePartRequest } from "@matrix-os/contracts/file/settle-part.request";
import type { PartOutcome, StoredPart } from "@matrix-os/contracts/turn/outbox";
import type { Log } from "@matrix-os/runtime/log";
import { hasAnswered, toNextTry } from "../delivery/next-try.ts";
import type { Lead } from "./lead.ts";

const MAX_CONVERSATIONS = 256;
const RETRY_FOR_MS = 20_000;

/** What the outbox is worked with. */
export interface OutboxWork {
  readonly bus: Bus;
  readonly log: Log;
  readonly lead: Lead;
  readonly signal: AbortSignal;
}

/** Sends what waits in the outbox, while this process leads. */
export interface OutboxWorker {
  /** Something may wait. */
  wake(): void;
  /** Settles when nothing is under way any more, after the signal. */
  readonly ended: () => Promise<void>;
}

/**
 * Conversations side by side, each in order, one part at a time: a part that must wait holds back those behind it. What a part
 * came to is written down under the lead's epoch, so a process that leads no more can't settle anything.
 */
export function createOutboxWorker(work: OutboxWork): OutboxWorker {
  const lanes = new Map<string, Promise<void>>();
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  const look = async (): Promise<void> => {
    do {
      lookAgain = false;
      for (const part of await listWaiting(work)) {
        const lane = toLane(part);
        if (lanes.has(lane) || lanes.size >= MAX_CONVERSATIONS) continue;
        const done = workLane(part, work).finally(() => {
          lanes.delete(lane);
          worker.wake();
        });
        lanes.set(lane, done);
      }
    } while (lookAgain);
  };
  const worker: OutboxWorker = {
    wake: () => {
      lookAgain = true;
      if (looking !== undefined || work.signal.aborted || work.lead.epoch() === undefined) return;
      looking = look()
        .catch((error: unknown) => work.log.warn({ err: error }, "the outbox could not be looked at"))
        .finally(() => {
          looking = undefined;
        });
    },
    ended: async () => {
      await Promise.all([looking, ...lanes.values()]);
    },
  };
  return worker;
}

async function listWaiting({ bus, signal, lead }: OutboxWork): Promise<StoredPart[]> {
  const found: StoredPart[] = [];
  while (lead.epoch() !== undefined) {
    const afterSeq = found.at(-1)?.seq ?? 0;
    const page = await bus.request(listOutboxRequest, { afterSeq, limit: 200 }, { signal, retryForMs: RETRY_FOR_MS });
    found.push(...page.parts);
    if (!page.more || page.parts.length === 0) break;
  }
  return found;
}

/** Works on the oldest part of a conversation until it is settled. */
async function workLane(part: StoredPart, work: OutboxWork): Promise<void> {
  try {
    const outcome = await deliverUntilSettled(part, work);
    if (outcome !== undefined) await settle(part, outcome, work);
  } catch (thrown) {
    const error = toOsError(thrown);
    if (error.code === "stale-epoch") work.lead.drop();
    if (!work.signal.aborted) work.log.warn({ err: error, turn: part.turn, n: part.n }, "a part is not settled");
    await delay(1_000, undefined, { signal: work.signal }).catch(() => undefined);
  }
}

/** What a part came to; nothing when this process leads no more. */
async function deliverUntilSettled(part: StoredPart, work: OutboxWork): Promise<PartOutcome | undefined> {
  let answered = 0;
  for (let tries = 1; work.lead.epoch() !== undefined && !work.signal.aborted; tries += 1) {
    const outcome = await deliver(part, work);
    if (outcome.kind === "sent") return outcome;
    const { error } = outcome;
    if (hasAnswered(error)) answered += 1;
    const next = toNextTry({ error, tries, answered, ageMs: Date.now() - Date.parse(part.at) });
    if (next === "give-up") return outcome;
    const { turn, n, to } = part;
    work.log.info({ turn, n, channel: to.channel, code: error.code, tries, ...next }, "a part could not be sent yet");
    await delay(next.waitMs, undefined, { signal: work.signal }).catch(() => undefined);
  }
  return undefined;
}

async function deliver(part: StoredPart, { bus, signal }: OutboxWork): Promise<PartOutcome> {
  const { session, to, text, status, error } = part;
  const how = { ...(status === undefined ? {} : { status }), ...(error === undefined ? {} : { error }) };
  const body = { key: `${part.turn}.${part.n}`, session, to, text, ...how };
  try {
    const { nativeId } = await bus.request(toDeliverRequest(to.channel), body, { signal });
    return { kind: "sent", nativeId };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { kind: "dead", error: toErrorBody(toOsError(thrown)) };
  }
}

async function settle(part: StoredPart, outcome: PartOutcome, { bus, log, lead }: OutboxWork): Promise<void> {
  const epoch = lead.epoch();
  if (epoch === undefined) return;
  const { turn, n, session } = part;
  const { channel } = part.to;
  await bus.request(settlePartRequest, { epoch, channel, turn, n, outcome }, { retryForMs: RETRY_FOR_MS });
  if (outcome.kind === "dead") tellUndelivered({ session, turn, channel, error: outcome.error }, { bus, log });
}

function tellUndelivered(
  what: { session: string; turn: string; channel: string; error: ErrorBody },
  { bus, log }: Pick<OutboxWork, "bus" | "log">,
): void {
  log.warn(what, "an answer could not be delivered");
  void bus.publish(replyUndeliveredEvent, what.session, what).catch((error: unknown) => {
    log.warn({ err: error, turn: what.turn }, "reply-undelivered not published; the activity log has it");
  });
}

function toLane({ to: { channel, account, chat } }: StoredPart): string {
  return JSON.stringify([channel, account, chat]);
}
