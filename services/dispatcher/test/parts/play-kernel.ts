import type { Bus } from "@matrix-os/bus";
import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { finishTurnRequest } from "@matrix-os/contracts/file/finish-turn.request";
import { openLogRequest } from "@matrix-os/contracts/file/open-log.request";
import { turnFinishedEvent } from "@matrix-os/contracts/kernel/turn-finished.event";
import { noUsage } from "@matrix-os/contracts/turn/message";

/** A message that was accepted. */
export interface Accepted {
  readonly session: string;
  readonly key: string;
  readonly arrival: number;
}

/** A chat of a channel that is written to. */
const toChat = (chat: string) => ({ channel: "telegram", account: "bot", chat, maxTextLength: 4_096 });

/** Hands a message in, as a channel does. */
export function accept(
  bus: Bus,
  message: { readonly chat: string; readonly nativeId: string },
): Promise<Accepted & { readonly duplicate: boolean }> {
  const { chat, nativeId } = message;
  return bus.request(acceptMessageRequest, {
    nativeId,
    message: { text: nativeId, sender: "owner", replyTo: toChat(chat) },
  });
}

/** Ends a turn with parts of an answer, as a kernel does. */
export async function finish(bus: Bus, turn: Accepted, answer: { chat: string; texts: string[] }): Promise<void> {
  const name = { session: turn.session, turn: turn.key };
  const { epoch, length } = await bus.request(openLogRequest, { ...name, owner: "test" });
  await bus.request(finishTurnRequest, {
    ...name,
    epoch,
    after: length,
    records: [{ kind: "end", status: "done", text: answer.texts.join(" "), usage: noUsage }],
    transcript: [],
    outbox: answer.texts.map((text, at) => ({ to: toChat(answer.chat), n: at + 1, text })),
    usage: noUsage,
    model: "m",
  });
  const { session, key, arrival } = turn;
  await bus.publish(turnFinishedEvent, session, { session, turn: key, arrival, status: "done" });
}
