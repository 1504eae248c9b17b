/** Messages of an app that are answered in a second; further ones are refused. */
export const MAX_MESSAGES_PER_SECOND = 200;
/** Messages in a second after which an app is stopped, because even to refuse them costs the desktop time. */
export const FLOOD_PER_SECOND = 3_000;
/** Notifications of an app in a minute. */
export const MAX_NOTIFICATIONS_PER_MINUTE = 6;
/** Deepest nesting of a value that crosses the bridge. */
const MAX_DEPTH = 64;
/** What a number, a name or a bracket counts in `measure`. */
const SMALL = 8;

/** Counts what happens within a window of time. */
export interface Meter {
  /** Notes one more at `nowMs`; answers how many that makes in the running window. */
  note(nowMs: number): number;
}

/** A meter with windows of a fixed length. */
export function createMeter(windowMs: number): Meter {
  let startedMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    note: (nowMs) => {
      if (nowMs - startedMs >= windowMs) {
        startedMs = nowMs;
        count = 0;
      }
      count += 1;
      return count;
    },
  };
}

/** What a message at this rate deserves. */
export function judgeRate(count: number): "answer" | "refuse" | "stop" {
  if (count > FLOOD_PER_SECOND) return "stop";
  return count > MAX_MESSAGES_PER_SECOND ? "refuse" : "answer";
}

/** Whether a value is small enough to be turned into JSON; looks no further than the limit, so huge values cost nothing. */
export function isWithin(value: unknown, limit: number): boolean {
  return measure(value, limit, 0) <= limit;
}

function measure(value: unknown, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return SMALL;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob)
    return Number.POSITIVE_INFINITY;
  return Array.isArray(value) ? measureList(value, limit, depth) : measureRecord(value, limit, depth);
}

function measureList(list: readonly unknown[], limit: number, depth: number): number {
  let size = SMALL;
  for (let index = 0; index < list.length && size <= limit; index += 1) {
    size += measure(list[index], limit - size, depth + 1);
  }
  return size;
}

function measureRecord(record: object, limit: number, depth: number): number {
  let size = SMALL;
  for (const key in record) {
    size += key.length + measure((record as Record<string, unknown>)[key], limit - size, depth + 1);
    if (size > limit) break;
  }
  return size;
}
