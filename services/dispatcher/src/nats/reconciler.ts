import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "@matrix-os/bus";
import { provision } from "@matrix-os/bus/provision";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import type { Log } from "@matrix-os/runtime/log";

/** What the reconciler watches with. */
export interface Reconciling {
  readonly bus: Bus;
  /** The identity that may make streams. */
  readonly provisioner: Bus;
  readonly log: Log;
  readonly everyMs: number;
  /** Whether this process leads; the others look only at their start and after a reconnect. */
  readonly leads: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * Makes the broker match the files: missing streams are made again, every session with an unfinished turn is rung. Runs at
 * start, after every reconnect and, where this process leads, each `everyMs`. Resolves once the streams are there, with a promise that ends with the signal.
 */
export async function startReconciler(reconciling: Reconciling): Promise<{ readonly ended: Promise<void> }> {
  await provisionUntilDone(reconciling);
  return { ended: reconcileForEver(reconciling) };
}

async function reconcileForEver(reconciling: Reconciling): Promise<void> {
  let isDue = true;
  while (!reconciling.signal.aborted) {
    if (isDue || reconciling.leads()) isDue = !(await hasReconciled(reconciling));
    if (await untilNextRound(reconciling)) isDue = true;
  }
}

async function hasReconciled(reconciling: Reconciling): Promise<boolean> {
  try {
    await reconcileOnce(reconciling);
    return true;
  } catch (error) {
    reconciling.log.warn({ err: error }, "reconciling failed, trying again");
    return false;
  }
}

/** Waits for the interval, the next reconnect or the end, whichever comes first; true after a reconnect. */
async function untilNextRound({ provisioner, everyMs, signal }: Reconciling): Promise<boolean> {
  const early = new AbortController();
  const forget = provisioner.connection.onReconnect(() => early.abort());
  await delay(everyMs, undefined, { signal: AbortSignal.any([signal, early.signal]) }).catch(() => undefined);
  forget();
  return early.signal.aborted;
}

async function reconcileOnce(reconciling: Reconciling): Promise<void> {
  const made = await provision(reconciling.provisioner.connection);
  if (made) reconciling.log.info("streams made again");
  let afterArrival = 0;
  for (;;) {
    const { open, more } = await reconciling.bus.request(
      listOpenRequest,
      { heads: true, afterArrival, limit: 50 },
      { retryForMs: 10_000, signal: reconciling.signal },
    );
    for (const { message } of open) {
      afterArrival = message.arrival;
      await reconciling.bus.command(runTurnCommand, message.session, { session: message.session });
    }
    if (!more) return;
  }
}

async function provisionUntilDone(reconciling: Reconciling): Promise<void> {
  for (;;) {
    try {
      await provision(reconciling.provisioner.connection);
      return;
    } catch (error) {
      reconciling.log.warn({ err: error }, "streams could not be made yet");
      await delay(200, undefined, { signal: reconciling.signal });
    }
  }
}
