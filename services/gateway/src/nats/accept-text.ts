import type { Bus } from "@matrix-os/bus";
import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import type { Origin } from "@matrix-os/contracts/define";
import { joinTaints } from "@matrix-os/contracts/policy/taint";
import type { QueueMode } from "@matrix-os/contracts/turn/message";

/** A text that somebody sent over HTTP or a socket. */
export interface SentText {
  /** Whose words these are, unless an app's. */
  readonly origin: Origin;
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
  from: SentText,
): Promise<{ session: string; message: string; arrival: number; duplicate: boolean }> {
  const app = from.app === undefined ? undefined : `app:${from.app}`;
  const taint = joinTaints(from.origin.taint, app === undefined ? [] : ["app"]);
  const { key, ...accepted } = await bus.request(acceptMessageRequest, {
    nativeId: from.nativeId,
    ...(from.session === undefined ? {} : { session: from.session }),
    message: {
      text: from.text,
      sender: app ?? from.origin.actor,
      ...(taint.length === 0 ? {} : { taint }),
      replyTo: { channel: from.channel, account: "owner", chat: from.session ?? NEW_CHAT },
      ...(from.mode === undefined ? {} : { mode: from.mode }),
      ...(from.context === undefined ? {} : { context: from.context }),
    },
  });
  return { ...accepted, message: key };
}
