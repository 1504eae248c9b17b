import type { Connection } from "./connection.ts";
import type { Delivery } from "./delivery.ts";

/** Share of the lease after which a holder that heard nothing must assume that somebody else will have the message. */
const SAFE_SHARE = 0.7;

/** The hold on a delivered message while it is worked on. Disposing it stops the renewal. */
export interface Lease extends Disposable {
  /** Aborted when the service drains, or when the lease could not be renewed in time. */
  readonly signal: AbortSignal;
  readonly isLost: () => boolean;
}

/** Keeps the lease on a message: renewed three times in its length, and at once after a reconnect. */
export function holdLease(
  connection: Connection,
  delivery: Delivery,
  terms: { readonly leaseMs: number; readonly signal: AbortSignal },
): Lease {
  const lost = new AbortController();
  const beatMs = terms.leaseMs / 3;
  const lose = () => lost.abort(new Error("the lease on the message ran out"));
  let disposed = false;
  let deadline = setTimeout(lose, terms.leaseMs * SAFE_SHARE);
  const renew = async (): Promise<void> => {
    const sentAt = performance.now();
    if (!(await delivery.renew(beatMs)) || lost.signal.aborted) return;
    clearTimeout(deadline);
    if (!disposed) deadline = setTimeout(lose, terms.leaseMs * SAFE_SHARE - (performance.now() - sentAt));
  };
  const beat = setInterval(() => void renew(), beatMs);
  const forget = connection.onReconnect(() => void renew());
  return {
    signal: AbortSignal.any([terms.signal, lost.signal]),
    isLost: () => lost.signal.aborted,
    [Symbol.dispose]: () => {
      disposed = true;
      clearInterval(beat);
      clearTimeout(deadline);
      forget();
    },
  };
}
