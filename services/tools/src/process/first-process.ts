import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 2;
const WITHIN_MS = 10_000;
const LONGEST_TOLD_CHARS = 1_000;

/** Hears from bubblewrap (`--info-fd`) which process is the first of its namespace, as this machine numbers it. */
export function watchFirstProcess(told: Readable | Writable | null | undefined): () => number | undefined {
  let text = "";
  told?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(0, LONGEST_TOLD_CHARS);
  });
  return () => {
    const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
    return pid === undefined ? undefined : Number(pid);
  };
}

/**
 * Resolves when the first process of a namespace has ended. It can't before every other one in there has, so nothing writes any
 * more. What hangs in the kernel is not waited for longer than ten seconds.
 */
export async function untilGone(pid: number | undefined): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (pid !== undefined && isThere(pid) && performance.now() < deadline) await delay(POLL_MS);
}

function isThere(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
