import type { Origin } from "@matrix-os/contracts/define";
import type { TurnRecord } from "@matrix-os/contracts/turn/record";
import type { Turn } from "./run-turn.ts";
import { isPure, runCall, toIntent } from "./tool-calls.ts";
import type { CallState } from "./turn-state.ts";

/**
 * Runs calls in the order the model gave them; neighbours that only read run beside each other. An intent is durable before
 * its call, a result before the next one. A call that a crash cut off follows its class: run again, or reported as in doubt.
 */
export async function runCalls(turn: Turn, calls: readonly CallState[]): Promise<void> {
  let waiting: TurnRecord[] = [];
  for (const batch of toBatches(calls)) {
    if (turn.deps.stop.aborted || turn.deps.letGo.aborted) break;
    const doubtful = batch.filter(isDoubtful);
    const runnable = batch.filter((call) => !isDoubtful(call));
    const intents = runnable.filter((call) => call.progress === "asked").map(toIntent);
    const before = [
      ...waiting,
      ...doubtful.map((call): TurnRecord => ({ kind: "tool.doubt", call: call.id })),
      ...intents,
    ];
    if (before.length > 0) await turn.record(before);
    using stopping = createPatience(turn.deps.stop);
    const how = { bus: turn.deps.bus, origin: toOrigin(turn), signal: stopping.signal };
    waiting = await Promise.all(runnable.map((call) => runCall(call, how)));
  }
  if (waiting.length > 0) await turn.record(waiting);
}

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

function toOrigin({ message }: Turn): Origin {
  return { actor: "kernel", session: message.session, turn: message.key };
}
