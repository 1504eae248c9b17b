import type { StoredMessage } from "@matrix-os/contracts/turn/message";
import type { OutboxPart } from "@matrix-os/contracts/turn/outbox";
import { splitText } from "./split-text.ts";
import type { TurnState } from "./turn-state.ts";

/** Parts that one answer may have, over all chats that it goes to. */
const MAX_PARTS = 100;

/** The parts of an answer for each chat that is written to, once. The last part for a chat says how the turn ended. */
export function toOutbox(messages: readonly StoredMessage[], { ended }: TurnState): OutboxPart[] {
  if (ended === undefined) return [];
  const { status, text, error } = ended;
  const targets = new Map(messages.map(({ replyTo }) => [toConversation(replyTo), replyTo]));
  const parts = [...targets.values()].flatMap((to): Omit<OutboxPart, "n">[] => {
    if (to.maxTextLength === undefined) return [];
    const pieces = splitText(text, to.maxTextLength);
    // A failure is told also when there is nothing else to say.
    if (pieces.length === 0 && status !== "done") pieces.push("");
    const how = { status, ...(error === undefined ? {} : { error }) };
    return pieces.map((piece, at) => ({ to, text: piece, ...(at === pieces.length - 1 ? how : {}) }));
  });
  return parts.slice(0, MAX_PARTS).map((part, at) => ({ ...part, n: at + 1 }));
}

function toConversation({ channel, account, chat }: StoredMessage["replyTo"]): string {
  return JSON.stringify([channel, account, chat]);
}
