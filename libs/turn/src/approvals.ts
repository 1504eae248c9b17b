import { createHash } from "node:crypto";
import type { JudgedFacts } from "@matrix-os/contracts/define";
import { approvalsChangedEvent } from "@matrix-os/contracts/kernel/approvals-changed.event";
import type { Taint } from "@matrix-os/contracts/policy/taint";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { type Judged, judgeCall } from "./judge-call.ts";
import type { Turn } from "./run-turn.ts";
import { type CallState, isWaiting } from "./turn-state.ts";

/** How long the owner is asked. */
const ASKED_FOR_MS = 24 * 3_600_000;
/** How long an answer counts after it was given. */
const ANSWER_COUNTS_MS = 10 * 60_000;
/** Questions that may wait at a time. */
const MAX_WAITING = 3;

/** What becomes of a call: it runs, it has its result without running, or the owner is asked. */
export type Permit =
  | { readonly may: "run"; readonly judged?: JudgedFacts }
  | { readonly may: "not-run"; readonly record: TurnRecord }
  | { readonly may: "wait"; readonly record: TurnRecord | undefined };

/** Writes down the answers that came since the turn rested; from then on they are the journal's. */
export async function takeAnswers(turn: Turn): Promise<void> {
  if (turn.journal.answers.length === 0 || turn.state().ended !== undefined) return;
  await turn.record(turn.journal.answers.map((answer): TurnRecord => ({ kind: "approval", ...answer })));
  await tellChange(turn);
}

/** Decides about calls in order. An answer counts for exactly what was asked, for ten minutes, once. */
export async function permitCalls(
  turn: Turn,
  calls: readonly CallState[],
  taint: readonly Taint[],
): Promise<ReadonlyMap<string, Permit>> {
  const permits = new Map<string, Permit>();
  let waiting = (turn.state().steps.at(-1)?.calls ?? []).filter(isWaiting).length;
  let asked = turn.state().asked;
  for (const call of calls) {
    if (call.progress !== "asked") {
      permits.set(call.id, { may: "run" });
      continue;
    }
    const permit = toPermit(turn, { call, judged: await judgeCall(turn, call, taint), waiting, asked, taint });
    if (permit.may === "wait" && permit.record !== undefined) {
      asked += 1;
      if (!isWaiting(call)) waiting += 1;
    }
    permits.set(call.id, permit);
  }
  return permits;
}

/** Tells shells to look again at what waits. They find out anyway when they ask; a lost word only delays it. */
export async function tellChange({ deps, message }: Turn): Promise<void> {
  const body = { session: message.session, turn: message.key };
  await deps.bus.publish(approvalsChangedEvent, message.session, body).catch(() => undefined);
}

interface Petition {
  readonly call: CallState;
  readonly judged: Judged;
  readonly waiting: number;
  readonly asked: number;
  readonly taint: readonly Taint[];
}

function toPermit(turn: Turn, petition: Petition): Permit {
  const { call, judged } = petition;
  // A no is a no, whatever the rules say by now.
  const no = toRefusal(call.approval);
  if (no !== undefined) return notRun(call, no);
  if (judged.ruling === "allow") return toRun(judged);
  if (judged.ruling === "refuse") return notRun(call, judged.because);
  switch (toStanding(call, judged.argsHash)) {
    case "asked":
      return { may: "wait", record: undefined };
    case "allowed":
      return toRun(judged);
    case "none":
      if (petition.waiting < MAX_WAITING || isWaiting(call))
        return { may: "wait", record: toAsk(turn, petition, judged) };
      return notRun(call, `The owner is asked ${MAX_WAITING} things already; this was not asked and not done.`);
  }
}

function toRun({ entry, taint }: JudgedFacts): Permit {
  return { may: "run", judged: { entry, taint } };
}

function toRefusal(approval: CallState["approval"]): string | undefined {
  if (approval?.verdict === "deny")
    return "The owner denied this. Don't try to reach the same in another way; ask the owner what they want.";
  return approval?.verdict === "expired"
    ? "The owner was asked for a day and did not answer. It was not done."
    : undefined;
}

/** How a call stands with the owner: a question counts for exactly what it said, an answer for a while. */
function toStanding({ question, approval }: CallState, argsHash: string): "asked" | "allowed" | "none" {
  if (question?.argsHash !== argsHash) return "none";
  if (approval === undefined) return "asked";
  return Date.now() - Date.parse(approval.at) <= ANSWER_COUNTS_MS ? "allowed" : "none";
}

function toAsk(
  { message }: Turn,
  { call, asked, taint }: Petition,
  { argsHash, target, words }: Extract<Judged, { ruling: "ask" }>,
): TurnRecord {
  return {
    kind: "ask",
    ask: `a_${toHash([message.session, message.key, call.id, argsHash, asked])}`,
    call: call.id,
    tool: call.name,
    argsHash,
    target,
    words,
    taint: [...taint],
    expiresAt: new Date(Date.now() + ASKED_FOR_MS).toISOString(),
  };
}

function toHash(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
}

function notRun(call: CallState, text: string): Permit {
  return { may: "not-run", record: { kind: "tool.result", call: call.id, text, isError: true } };
}
