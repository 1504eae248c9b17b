import { createHash } from "node:crypto";

/** What names a message on its platform. */
export interface MessageIdentity {
  readonly channel: string;
  readonly account: string;
  readonly chat: string;
  readonly nativeId: string;
}

/** The name of a message and of its turn: the same message delivered again has the same key, whatever else differs. */
export function toMessageKey(identity: MessageIdentity): string {
  const parts = [identity.channel, identity.account, identity.chat, identity.nativeId];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
