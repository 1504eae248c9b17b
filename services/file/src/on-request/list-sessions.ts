import { rejected } from "@matrix-os/contracts/errors";
import type { listSessionsRequest } from "@matrix-os/contracts/file/list-sessions.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";
import type { SessionRecord } from "../turns/session-record.ts";

/** The running turn and the 100 that may wait behind it. */
const MAX_OPEN_SHOWN = 101;

type Reply = z.infer<typeof listSessionsRequest.reply>;

/** Lists sessions, the last changed first, with what is going on in each. */
export function listSessions(request: z.infer<typeof listSessionsRequest.request>, deps: FileDeps): Promise<Reply> {
  return deps.onDisk("sessions", async () => {
    if (request.session !== undefined) return { sessions: [toInfo(find(request.session, deps), deps)], more: false };
    const { before } = request;
    const all = await deps.sessions.lastChangedFirst();
    const wanted =
      before === undefined ? all : all.filter((session) => Date.parse(session.updatedAt) < Date.parse(before));
    return {
      sessions: wanted.slice(0, request.limit).map((session) => toInfo(session, deps)),
      more: wanted.length > request.limit,
    };
  });
}

function find(id: string, deps: FileDeps): SessionRecord {
  const session = deps.sessions.get(id);
  if (session === undefined) throw rejected("not-found", "there is no such session", { field: "session" });
  return session;
}

function toInfo(
  { lastTurn: _lastTurn, taint: _taint, ...session }: SessionRecord,
  deps: FileDeps,
): Reply["sessions"][number] {
  const open = deps.inbox.open.ofSession(session.id).slice(0, MAX_OPEN_SHOWN);
  return { ...session, open: open.map(({ message }) => ({ turn: message.key, arrival: message.arrival })) };
}
