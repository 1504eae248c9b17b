import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "@matrix-os/bus";
import { claimLease } from "@matrix-os/bus/claim";
import { takeLeadRequest } from "@matrix-os/contracts/file/take-lead.request";
import type { Log } from "@matrix-os/runtime/log";

const ROLE = "dispatcher";
const RENEW_MS = 5_000;
const RETRY_MS = 1_000;
/** Without a renewal for so long somebody else may lead: well before the lease's 15 s are over. */
const GIVE_UP_MS = 10_000;

/** What the lead is held with. */
export interface Leading {
  readonly bus: Bus;
  readonly log: Log;
  readonly owner: string;
  readonly signal: AbortSignal;
}

/** Whether this process leads the dispatchers, and under which epoch its writes count. */
export interface Lead {
  /** Not set while somebody else leads, as far as this process knows; the file service knows better. */
  readonly epoch: () => number | undefined;
  /** A led write was refused: somebody else leads by now. */
  readonly drop: () => void;
  /** Calls back whenever this process has begun to lead. */
  onTaken: (() => void) | undefined;
  /** Settles when the signal has aborted and the lease is given back. */
  readonly ended: Promise<void>;
}

interface State {
  epoch: number | undefined;
  /** The number of the own last claim. */
  claim: number;
  renewedAt: number;
}

/** Tries to lead as long as the process lives. Of several dispatchers one leads; when it dies another does within 18 s. */
export function holdLead(leading: Leading): Lead {
  const state: State = { epoch: undefined, claim: 0, renewedAt: 0 };
  const drop = () => {
    state.epoch = undefined;
    state.claim = 0;
  };
  const lead: Lead = {
    epoch: () => state.epoch,
    drop,
    onTaken: undefined,
    ended: keepTrying(leading, state, { drop, taken: () => lead.onTaken?.() }),
  };
  return lead;
}

async function keepTrying(leading: Leading, state: State, on: { drop: () => void; taken: () => void }): Promise<void> {
  const { signal, log } = leading;
  while (!signal.aborted) {
    await tryOnce(leading, state, on).catch((error: unknown) => {
      log.debug({ err: error }, "the lease could not be claimed");
      if (performance.now() - state.renewedAt > GIVE_UP_MS) on.drop();
    });
    await delay(state.epoch === undefined ? RETRY_MS : RENEW_MS, undefined, { signal }).catch(() => undefined);
  }
  if (state.epoch !== undefined) await claim(leading, state, { isLast: true }).catch(() => undefined);
}

async function tryOnce(leading: Leading, state: State, on: { drop: () => void; taken: () => void }): Promise<void> {
  const seq = await claim(leading, state, {});
  if (seq === undefined) return on.drop();
  state.claim = seq;
  state.renewedAt = performance.now();
  if (state.epoch !== undefined) return;
  const { epoch } = await leading.bus.request(takeLeadRequest, { role: ROLE, owner: leading.owner });
  state.epoch = epoch;
  leading.log.info({ epoch }, "leads the dispatchers");
  on.taken();
}

function claim({ bus, owner }: Leading, state: State, how: { isLast?: boolean }): Promise<number | undefined> {
  return claimLease(bus.connection, { role: ROLE, owner, after: state.claim, ...how });
}
