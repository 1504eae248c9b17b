import type { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { messageAcceptedEvent } from "@matrix-os/contracts/dispatcher/message-accepted.event";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { withdrawMessageRequest } from "@matrix-os/contracts/file/withdraw-message.request";
import { steerControl } from "@matrix-os/contracts/kernel/steer.control";
import type { IncomingMessage, StoredMessage } from "@matrix-os/contracts/turn/message";
import type { z } from "zod";
import type { DispatcherDeps } from "../deps.ts";
import { tellStop } from "../nats/tell-stop.ts";
import { toMessageKey } from "../routing/message-key.ts";

type Request = z.infer<typeof acceptMessageRequest.request>;
type Reply = z.infer<typeof acceptMessageRequest.reply>;
type Stored = z.infer<typeof storeMessageRequest.reply>;

/**
 * Keeps a message and rings its session. A broker that can't keep the doorbell makes it a refusal: the message is taken back,
 * unless somebody was told of it already. A broker that goes away after that loses nothing: the reconciler rings.
 */
export async function acceptMessage(request: Request, deps: DispatcherDeps): Promise<Reply> {
  const key = toMessageKey({ ...request.message.replyTo, nativeId: request.nativeId });
  const session = request.session ?? deps.newSession();
  const message = await withMode(request.message, session, deps);
  await deps.doorbell.check(session);
  const stored = await deps.bus.request(storeMessageRequest, { key, session, message });
  await ringOrWithdraw(key, stored, deps);
  tellWorkers(message, stored, deps);
  const { context: _, ...visible } = message;
  const { arrival, duplicate } = stored;
  if (!duplicate) announce({ ...visible, key, session: stored.session, arrival, at: new Date().toISOString() }, deps);
  return { session: stored.session, key, arrival, duplicate };
}

/** A follow-up is what a message is that says nothing; its file says nothing, too. */
async function withMode(
  { mode: wanted, ...message }: IncomingMessage,
  session: string,
  { modes }: DispatcherDeps,
): Promise<IncomingMessage> {
  const mode = wanted ?? (await modes.of(session));
  return mode === "followup" ? message : { ...message, mode };
}

async function ringOrWithdraw(key: string, stored: Stored, deps: DispatcherDeps): Promise<void> {
  const refusal = await deps.doorbell.ring(stored.session);
  if (refusal === undefined) return;
  // Whoever handed it in first may have been told that it is accepted.
  if (stored.duplicate) throw refusal;
  const { withdrawn } = await deps.bus.request(withdrawMessageRequest, { key });
  if (withdrawn) throw refusal;
}

function tellWorkers({ mode }: IncomingMessage, stored: Stored, { bus }: DispatcherDeps): void {
  const { session, interrupted = [] } = stored;
  if (mode === "steer") bus.control(steerControl, session, { session });
  if (interrupted.length > 0) tellStop(bus, session, interrupted);
}

function announce(message: StoredMessage, { bus, log }: DispatcherDeps): void {
  void bus.publish(messageAcceptedEvent, message.session, { message }).catch((error: unknown) => {
    log.warn({ err: error, session: message.session }, "message-accepted not published; the files have it");
  });
}
