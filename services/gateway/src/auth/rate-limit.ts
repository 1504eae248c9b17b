/** Names remembered at a time; the one that was heard of first is forgotten. */
const MAX_NAMES = 10_000;
const MINUTE_MS = 60_000;

interface Bucket {
  left: number;
  at: number;
}

/** A bound on how often something may happen, by name. */
export interface RateLimit {
  /** Takes one; answers 0, or how many milliseconds this name has to wait when none is left. */
  take(name: string, nowMs: number): number;
}

/** `perMinute` in the long run; `burst` at once. */
export function createRateLimit({ perMinute, burst }: { perMinute: number; burst: number }): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take: (name, nowMs) => {
      const bucket = buckets.get(name) ?? { left: burst, at: nowMs };
      if (!buckets.has(name) && buckets.size >= MAX_NAMES) buckets.delete(buckets.keys().next().value ?? "");
      buckets.set(name, bucket);
      const grown = (Math.max(0, nowMs - bucket.at) * perMinute) / MINUTE_MS;
      bucket.left = Math.min(burst, bucket.left + grown);
      bucket.at = nowMs;
      if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * MINUTE_MS) / perMinute);
      bucket.left -= 1;
      return 0;
    },
  };
}
