import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "@matrix-os/bus";
import { type OsError, toOsError } from "@matrix-os/contracts/errors";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import type { Log } from "@matrix-os/runtime/log";

/** Rings sessions, and remembers whether the broker keeps what is rung. */
export interface Doorbell {
  /** Rings. Answers the error of a broker that is there but can't keep it: its store is full or away. */
  ring(session: string): Promise<OsError | undefined>;
  /** Throws at once while the last ring could not be kept and this one can't either. Ringing a session without work is harmless. */
  check(session: string): Promise<void>;
}

interface Parts {
  readonly bus: Bus;
  readonly log: Log;
}

/** An emptied store is made again within this time. */
const PATIENCE_MS = 600;
const PAUSE_MS = 60;

/** A doorbell that knows how the last ring went. */
export function createDoorbell(parts: Parts): Doorbell {
  let refused: OsError | undefined;
  const ring = async (session: string, patienceMs: number): Promise<OsError | undefined> => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      refused = await ringOnce(parts, session);
      if (refused?.code !== "no-responder" || performance.now() > deadline) return refused;
      await delay(PAUSE_MS);
    }
  };
  return {
    ring: (session) => ring(session, PATIENCE_MS),
    check: async (session) => {
      if (refused === undefined) return;
      const error = await ring(session, 0);
      if (error !== undefined) throw error;
    },
  };
}

/** Codes of a broker that surely did not keep the ring: its store refuses, is off, or too much waits for it already. */
const refusals: ReadonlySet<string> = new Set(["disk-full", "no-responder", "busy"]);

/** The refusal, if it was one. After any other failure the ring may have been kept, and the reconciler rings again. */
async function ringOnce({ bus, log }: Parts, session: string): Promise<OsError | undefined> {
  try {
    await bus.command(runTurnCommand, session, { session });
    return undefined;
  } catch (thrown) {
    const error = toOsError(thrown);
    if (refusals.has(error.code)) return error;
    log.warn({ err: error, session }, "doorbell not rung, the reconciler will");
    return undefined;
  }
}
