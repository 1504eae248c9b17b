import type { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import { assertRoom } from "../disk/room.ts";

type Request = z.infer<typeof storeMessageRequest.request>;
type Reply = z.infer<typeof storeMessageRequest.reply>;

/**
 * Keeps an accepted message for good and opens its turn. A message that can't be kept leaves no session behind. The broker keeps
 * its doorbells beside the state: where that disk is full, nothing is accepted either.
 */
export function storeMessage(request: Request, deps: FileDeps): Promise<Reply> {
  return deps.onDisk("inbox", async () => {
    assertRoom(deps.config.stateDir);
    return deps.inbox.knows(request.key) ? await storeKnown(request, deps) : await storeNew(request, deps);
  });
}

function storeKnown({ key, session, message }: Request, deps: FileDeps): Promise<Reply> {
  return deps.inbox.store(key, session, message);
}

async function storeNew({ key, session, message }: Request, deps: FileDeps): Promise<Reply> {
  const isFirst = !deps.sessions.has(session);
  try {
    deps.sessions.note(session, message);
    const stored = await deps.inbox.store(key, session, message);
    // Another first message may have failed meanwhile and taken the session with it.
    if (!deps.sessions.has(session)) deps.sessions.note(session, message);
    return stored;
  } catch (thrown) {
    if (isFirst && deps.inbox.open.ofSession(session).length === 0) deps.sessions.forget(session);
    throw thrown;
  }
}
