import type { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import type { OpenEntry } from "../turns/open-turns.ts";

/** Lists turns that have not ended, by arrival. One that waits for the owner's answer is no head: nobody works on it. */
export async function listOpen(
  request: z.infer<typeof listOpenRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof listOpenRequest.reply>> {
  const { open, more } = deps.inbox.open.select({
    ...request,
    isResting: request.heads ? (entry) => isResting(entry, deps) : undefined,
  });
  const now = Date.now();
  return {
    open: open.map((entry) => ({
      message: entry.message,
      stopRequested: deps.inbox.open.isStopRequested(entry),
      openForMs: Math.max(0, now - entry.openedAtMs),
      ...(request.heads && deps.inbox.open.othersMayJoin(entry) ? { othersMayJoin: true } : {}),
    })),
    more,
  };
}

/** A stop, an interruption or a message that steers wakes it up. */
function isResting(entry: OpenEntry, { asks, inbox }: FileDeps): boolean {
  const { key, session } = entry.message;
  if (!asks.isResting(key, new Date()) || inbox.open.isStopRequested(entry)) return false;
  const others = inbox.open.ofSession(session).filter(({ message }) => message.mode === "steer");
  return others.every(({ message }) => message.key === key || asks.hasJoined(key, message.key));
}
