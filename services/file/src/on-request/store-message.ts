import type { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

type Request = z.infer<typeof storeMessageRequest.request>;
type Reply = z.infer<typeof storeMessageRequest.reply>;

/** Keeps an accepted message for good and opens its turn. A message that can't be kept leaves no session behind. */
export function storeMessage(request: Request, deps: FileDeps): Promise<Reply> {
  return deps.onDisk("inbox", () =>
    deps.inbox.knows(request.key) ? storeKnown(request, deps) : storeNew(request, deps),
  );
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
