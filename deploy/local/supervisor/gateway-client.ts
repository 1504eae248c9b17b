import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

const POLL_MS = 25;
const link = z.object({ url: z.string() });

/** Waits until the gateway says that everything is there. */
export async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const response = await fetch(`${url}/readyz`, { signal }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    await delay(POLL_MS, undefined, { signal });
  }
}

/** A single-use login link, asked for with the owner's token. */
export async function createLoginLink(url: string, state: string): Promise<string> {
  const token = readFileSync(join(state, "owner.token"), "utf8").trim();
  const response = await fetch(`${url}/api/v1/links`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  return link.parse(await response.json()).url;
}
