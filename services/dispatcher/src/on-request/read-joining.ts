import type { readJoiningRequest } from "@matrix-os/contracts/dispatcher/read-joining.request";
import { listOpenRequest } from "@matrix-os/contracts/file/list-open.request";
import type { StoredMessage } from "@matrix-os/contracts/turn/message";
import type { z } from "zod";
import type { DispatcherDeps } from "../deps.ts";
import { selectJoining } from "../routing/select-joining.ts";

/** The waiting messages that join a turn now. The worker records them in its journal; they end when the turn ends. */
export async function readJoining(
  request: z.infer<typeof readJoiningRequest.request>,
  deps: DispatcherDeps,
): Promise<z.infer<typeof readJoiningRequest.reply>> {
  return { messages: selectJoining(await listOpen(request.session, deps), request) };
}

async function listOpen(session: string, deps: DispatcherDeps): Promise<StoredMessage[]> {
  const found: StoredMessage[] = [];
  for (;;) {
    const afterArrival = found.at(-1)?.arrival ?? 0;
    const page = await deps.bus.request(listOpenRequest, { session, heads: false, afterArrival, limit: 50 });
    found.push(...page.open.map(({ message }) => message));
    if (!page.more || page.open.length === 0) return found;
  }
}
