import type { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { messageAcceptedEvent } from "@matrix-os/contracts/dispatcher/message-accepted.event";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import type { StoredMessage } from "@matrix-os/contracts/turn/message";
import type { z } from "zod";
import type { DispatcherDeps } from "../deps.ts";
import { toMessageKey } from "../routing/message-key.ts";

type Request = z.infer<typeof acceptMessageRequest.request>;
type Reply = z.infer<typeof acceptMessageRequest.reply>;

/** Keeps a message and rings its session. Once it is kept, a broker that is away can't lose it: the reconciler rings later. */
export async function acceptMessage(request: Request, deps: DispatcherDeps): Promise<Reply> {
  const { message } = request;
  const key = toMessageKey({ ...message.replyTo, nativeId: request.nativeId });
  const session = request.session ?? deps.newSession();
  const stored = await deps.bus.request(storeMessageRequest, { key, session, message });
  const { context: _, ...visible } = message;
  void announce(
    { ...visible, key, session: stored.session, arrival: stored.arrival, at: new Date().toISOString() },
    stored.duplicate,
    deps,
  );
  return { session: stored.session, key, arrival: stored.arrival, duplicate: stored.duplicate };
}

async function announce(message: StoredMessage, isDuplicate: boolean, deps: DispatcherDeps): Promise<void> {
  try {
    await deps.bus.command(runTurnCommand, message.session, { session: message.session });
    if (!isDuplicate) await deps.bus.publish(messageAcceptedEvent, message.session, { message });
  } catch (error) {
    deps.log.warn({ err: error, session: message.session }, "doorbell not rung, the reconciler will");
  }
}
