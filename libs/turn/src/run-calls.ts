import type { JudgedFacts, Origin } from "@matrix-os/contracts/define";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import { type Permit, permitCalls, tellChange } from "./approvals.ts";
import type { Turn } from "./run-turn.ts";
import { isPure, runCall, toIntent } from "./tool-calls.ts";
import type { CallState } from "./turn-state.ts";

/**
 * Runs calls in the order the model gave them; neighbours that only read run beside each other. An intent is durable before
 * its call, a result before the next one. A call that a crash cut off follows its class: run again, or reported as in doubt.
 * Where the owner must be asked, this call and what would be asked after it are written down as questions, and the turn rests.
 */
export async function runCalls(turn: Turn, calls: readonly CallState[]): Promise<void | "resting"> {
  let waiting: TurnRecord[] = [];
  const left = [...calls];
  for (const batch of toBatches(calls)) {
    if (turn.deps.stop.aborted || turn.deps.letGo.aborted) break;
    const taint = toTaint(turn, waiting);
    const permits = await permitCalls(turn, batch, taint);
    if ([...permits.values()].some(({ may }) => may === "wait")) return rest(turn, { left, taint, waiting });
    const denied = [...permits.values()].flatMap((permit) => (permit.may === "not-run" ? [permit.record] : []));
    const permitted = batch.filter(({ id }) => permits.get(id)?.may === "run");
    const doubtful = permitted.filter(isDoubtful);
    const runnable = permitted.filter((call) => !isDoubtful(call));
    const intents = runnable.filter((call) => call.progress === "asked").map(toIntent);
    const before = [
      ...waiting,
      ...denied,
      ...doubtful.map((call): TurnRecord => ({ kind: "tool.doubt", call: call.id })),
      ...intents,
    ];
    if (before.length > 0) await turn.record(before);
    using stopping = createPatience(turn.deps.stop);
    const how = { bus: turn.deps.bus, origin: toOrigin(turn, taint), signal: stopping.signal };
    waiting = await Promise.all(runnable.map((call) => runCall(call, { ...how, ...toJudged(permits.get(call.id)) })));
    left.splice(0, batch.length);
  }
  if (waiting.length > 0) await turn.record(waiting);
}

function toJudged(permit: Permit | undefined): JudgedFacts {
  return permit?.may === "run" ? (permit.judged ?? {}) : {};
}

interface Rest {
  readonly left: readonly CallState[];
  readonly taint: readonly Taint[];
  readonly waiting: readonly TurnRecord[];
}

/** Asks about everything left that needs it, so that the owner sees it together. What they write instead is their answer. */
async function rest(turn: Turn, { left, taint, waiting }: Rest): Promise<void | "resting"> {
  const joining = await turn.deps.readJoining(turn.state());
  if (joining.length > 0) {
    const dropped = left.map((call): TurnRecord => ({
      kind: "tool.result",
      call: call.id,
      text: STEERED,
      isError: true,
    }));
    return turn.record([...waiting, ...dropped, ...joining.map((input): TurnRecord => ({ kind: "steer", input }))]);
  }
  const permits = await permitCalls(turn, left, taint);
  const questions = [...permits.values()].flatMap((permit) =>
    permit.may === "wait" && permit.record !== undefined ? [permit.record] : [],
  );
  const records = [...waiting, ...questions];
  if (records.length > 0) await turn.record(records);
  if (questions.length > 0) await tellChange(turn);
  return "resting";
}

const STEERED = "Not done: it waited for the owner, who wrote something else meanwhile.";

/** Commands are killed as the turn is stopped, and their last words are worth this wait. */
const LAST_WORDS_MS = 400;

/** Aborted a little after the owner's stop: from then on nobody waits for a call that still runs. */
function createPatience(stop: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onStop = () => {
    timer = setTimeout(() => over.abort(), LAST_WORDS_MS);
  };
  stop.addEventListener("abort", onStop, { once: true });
  return {
    signal: over.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", onStop);
    },
  };
}

function isDoubtful(call: CallState): boolean {
  return call.progress === "intended" && call.class === "unsafe";
}

function toBatches(calls: readonly CallState[]): CallState[][] {
  const batches: CallState[][] = [];
  for (const call of calls) {
    const last = batches.at(-1);
    const joins = last !== undefined && isPure(call.name) && last.every((other) => isPure(other.name));
    if (joins) last.push(call);
    else batches.push([call]);
  }
  return batches;
}

/** Labels of everything that the next call comes after. */
function toTaint(turn: Turn, waiting: readonly TurnRecord[]): Taint[] {
  const more = waiting.map((record) => (record.kind === "tool.result" ? record.taint : undefined));
  return joinTaints(turn.state().taint, ...more);
}

function toOrigin({ message }: Turn, taint: Taint[]): Origin {
  const base = { actor: "kernel", session: message.session, turn: message.key };
  return taint.length === 0 ? base : { ...base, taint };
}
