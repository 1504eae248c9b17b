import type { ErrorBody } from "@matrix-os/contracts/errors";

/** Answers of a channel that it can't take a part now, before the part is given up. */
const MAX_TRIES = 8;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 60_000;
/** How long a part waits for a channel that isn't there at all. */
const MAX_AGE_MS = 86_400_000;

/** A try to deliver a part that failed. */
export interface FailedTry {
  readonly error: ErrorBody;
  /** Failed tries so far, this one included. */
  readonly tries: number;
  /** Those of them in which the channel itself answered. */
  readonly answered: number;
  readonly ageMs: number;
}

/** Whether a part is given up, or how long to wait before the next try; growing, and never shorter than the channel asks for. */
export function toNextTry({ error, tries, answered, ageMs }: FailedTry): { readonly waitMs: number } | "give-up" {
  if (error.kind === "rejected" || answered >= MAX_TRIES || ageMs > MAX_AGE_MS) return "give-up";
  return { waitMs: Math.max(Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), MAX_WAIT_MS), error.retryAfterMs ?? 0) };
}

/** Whether a channel answered; else it may not even run, and nothing is held against the part. */
export function hasAnswered({ code }: ErrorBody): boolean {
  return code !== "no-responder" && code !== "bus-down";
}
