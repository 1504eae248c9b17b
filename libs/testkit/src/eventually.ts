import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 5;
const DEFAULT_WITHIN_MS = 30_000;

/**
 * Tries a check until it neither throws nor answers `false` or `undefined`, and resolves with its answer. Past `withinMs` it
 * throws what the last try threw. For states that nobody announces; where there is an event, wait for that.
 */
export async function eventually<Result>(
  check: () => Result | Promise<Result>,
  { withinMs = DEFAULT_WITHIN_MS }: { readonly withinMs?: number } = {},
): Promise<Exclude<Awaited<Result>, false | undefined>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const last = await attempt(check);
    if (last.passed) return last.answer as Exclude<Awaited<Result>, false | undefined>;
    if (performance.now() > deadline) throw new Error(`not so within ${withinMs} ms`, { cause: last.error });
    await delay(POLL_MS);
  }
}

async function attempt<Result>(
  check: () => Result | Promise<Result>,
): Promise<{ passed: boolean; answer?: Result; error?: unknown }> {
  try {
    const answer = await check();
    return { passed: answer !== false && answer !== undefined, answer };
  } catch (error) {
    return { passed: false, error };
  }
}
