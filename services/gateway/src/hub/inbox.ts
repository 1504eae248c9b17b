/** What arrived and was not taken yet, in order, at most `limit`; more is dropped and told as one `lost`. */
export interface Inbox<Item> {
  put(item: Item): void;
  /** The next item; `lost` when some were dropped; nothing when the signal aborted. */
  take(): Promise<Item | "lost" | undefined>;
  /** The same, or `silence` when nothing came in time. */
  takeWithin(ms: number): Promise<Item | "lost" | "silence" | undefined>;
}

/** An empty inbox for one reader. */
export function createInbox<Item>(limit: number, signal: AbortSignal): Inbox<Item> {
  let items: Item[] = [];
  let lost = false;
  let wake: () => void = () => undefined;
  signal.addEventListener("abort", () => wake(), { once: true });
  const take = (): Item | "lost" | undefined => {
    if (signal.aborted) return undefined;
    if (!lost) return items.shift();
    lost = false;
    return "lost";
  };
  const isEmpty = () => items.length === 0 && !lost && !signal.aborted;
  return {
    put: (item) => {
      if (items.length >= limit) {
        items = [];
        lost = true;
      }
      if (!lost) items.push(item);
      wake();
    },
    take: async () => {
      while (isEmpty()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return take();
    },
    takeWithin: async (ms) => {
      if (isEmpty()) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return isEmpty() ? "silence" : take();
    },
  };
}
