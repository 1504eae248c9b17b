import type { Bus } from "@matrix-os/bus";
import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import type { QueueMode } from "@matrix-os/contracts/turn/message";

/** A text that the owner sent over HTTP or a socket. */
export interface OwnerText {
  readonly channel: "web" | "api";
  readonly text: string;
  /** What makes a repeat of it the same message, inside its session or among those that begin one. */
  readonly nativeId: string;
  readonly session?: string | undefined;
  readonly context?: string | undefined;
  readonly mode?: QueueMode | undefined;
  /** The app whose words these are. */
  readonly app?: string | undefined;
}

/** The chat of messages that begin a session: not the new session's name, so that a repeat is found. */
const NEW_CHAT = "new";

/** Hands a text to the dispatcher; when it answers, the message is kept for good. */
export async function acceptText(
  bus: Bus,
  from: OwnerText,
): Promise<{ session: string; message: string; arrival: number; duplicate: boolean }> {
  const { key, ...accepted } = await bus.request(acceptMessageRequest, {
    nativeId: from.nativeId,
    ...(from.session === undefined ? {} : { session: from.session }),
    message: {
      text: from.text,
      sender: from.app === undefined ? "owner" : `app:${from.app}`,
      ...(from.app === undefined ? {} : { taint: ["app" as const] }),
      replyTo: { channel: from.channel, account: "owner", chat: from.session ?? NEW_CHAT },
      ...(from.mode === undefined ? {} : { mode: from.mode }),
      ...(from.context === undefined ? {} : { context: from.context }),
    },
  });
  return { ...accepted, message: key };
}
