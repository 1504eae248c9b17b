import type { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Keeps an accepted message for good and opens its turn. */
export function storeMessage(
  request: z.infer<typeof storeMessageRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof storeMessageRequest.reply>> {
  return deps.onDisk("inbox", () => {
    const { key, session, message } = request;
    if (!deps.inbox.knows(key)) deps.sessions.note(session, message);
    return deps.inbox.store(key, session, message);
  });
}
