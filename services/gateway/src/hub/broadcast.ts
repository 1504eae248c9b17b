/** Tells everybody who listens; nothing is kept. */
export interface Broadcast<Signal> {
  /** Returns how to stop listening. */
  listen(listener: (signal: Signal) => void): () => void;
  tell(signal: Signal): void;
}

/** A broadcast without listeners; the number of connections bounds them. */
export function createBroadcast<Signal>(): Broadcast<Signal> {
  const listeners = new Set<(signal: Signal) => void>();
  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (signal) => {
      for (const listener of listeners) listener(signal);
    },
  };
}
