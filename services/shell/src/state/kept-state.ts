import type { z } from "zod";

const PREFIX = "matrix-os.";

/** What this browser kept under a name, when it still has the right shape. Storage that is off counts as empty. */
export function readKept<Value>(name: string, schema: z.ZodType<Value>, store?: Storage): Value | undefined {
  try {
    const text = (store ?? globalThis.localStorage).getItem(PREFIX + name);
    const parsed = text === null ? undefined : schema.safeParse(JSON.parse(text));
    return parsed?.success === true ? parsed.data : undefined;
  } catch {
    // Private modes refuse storage, and a half-written value is worth no more than none: begin anew.
    return undefined;
  }
}

/** Keeps a value in this browser. When storage is full or off, it lives until the page closes. */
export function keep(name: string, value: unknown, store?: Storage): void {
  try {
    (store ?? globalThis.localStorage).setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Nothing depends on it: what counts is in the home.
  }
}
