import { type OsError, rejected, unavailable } from "@matrix-os/contracts/errors";
import type { Connection } from "./connection.ts";

/** Something that ends a wait early. Disposing it leaves no listener behind. */
export interface Interruption extends Disposable {
  /** Rejects with `stopped` when the signal aborts and `bus-down` when the connection is lost; never resolves. */
  readonly happened: Promise<never>;
}

/** Watches for what makes it pointless to wait for an answer. */
export function watchInterruption(connection: Connection, signal: AbortSignal | undefined): Interruption {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const onAbort = () => reject(toStopped(signal));
  const forget = connection.onDisconnect(() => reject(unavailable("bus-down", "the connection to the bus was lost")));
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    happened: promise,
    [Symbol.dispose]: () => {
      forget();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** The error of a wait that its own signal ended. */
export function toStopped(signal: AbortSignal | undefined): OsError {
  return rejected("stopped", "the caller does not wait any more", { cause: signal?.reason });
}
