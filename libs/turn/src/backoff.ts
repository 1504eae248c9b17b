import type { ErrorBody } from "@matrix-os/contracts/errors";

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
/** The longest wait that a server may ask for; a turn that must wait longer fails visibly and says until when. */
const MAX_TOLD_WAIT_MS = 300_000;

/** Milliseconds before the next try: what the server told, else twice as long after each failure, spread by `chance` (0 to 1). */
export function toWaitMs(error: Pick<ErrorBody, "retryAfterMs">, attempt: number, chance: number): number {
  if (error.retryAfterMs !== undefined) return Math.min(error.retryAfterMs, MAX_TOLD_WAIT_MS);
  return Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), MAX_WAIT_MS) * (0.75 + chance / 2);
}

/** Whether trying again within a turn has any prospect. */
export function mayTryAgain({ kind, retryAfterMs = 0 }: Pick<ErrorBody, "kind" | "retryAfterMs">): boolean {
  return kind === "unavailable" && retryAfterMs <= MAX_TOLD_WAIT_MS;
}
