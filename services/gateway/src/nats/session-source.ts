import type { Bus } from "@matrix-os/bus";
import type { Session } from "@matrix-os/contracts/api/session";
import { rejected } from "@matrix-os/contracts/errors";
import { listSessionsRequest, type SessionInfo } from "@matrix-os/contracts/file/list-sessions.request";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { StoredMessage } from "@matrix-os/contracts/turn/message";
import { type OpenTurnView, toSessionView } from "../session-view/to-session-view.ts";
import {
  type TranscriptPart,
  listOpenMessages,
  readEntries,
  readStretches,
  readTranscriptPage,
} from "./turn-source.ts";

/** Finished messages shown unless a client pages. */
const NEWEST = 50;
/** The running turn and the 100 that may wait behind it. */
const MAX_OPEN_SHOWN = 101;

/** What the file service knows of a session. Errors: `not-found`. */
export async function readSessionInfo(bus: Bus, session: string): Promise<SessionInfo> {
  const { sessions } = await bus.request(listSessionsRequest, { session, limit: 1 });
  const info = sessions[0];
  if (info === undefined) throw rejected("not-found", "no such session");
  return info;
}

/** A session with its newest finished messages (or a page from `from` on) and what is open. Errors: `not-found`. */
export async function readSessionView(bus: Bus, session: string, from: number | undefined): Promise<Session> {
  const info = await readSessionInfo(bus, session);
  // Open turns first: one that ends in between is then found in the transcript.
  const messages = await listOpenMessages(bus, session);
  const open = await readOpenTurns(bus, messages.slice(0, MAX_OPEN_SHOWN));
  const page = await readPage(bus, session, from);
  const reachesEnd = page.from + page.entries.length >= page.total;
  return toSessionView({ info, page, open: reachesEnd ? open : [] });
}

async function readPage(bus: Bus, session: string, from: number | undefined): Promise<TranscriptPart> {
  return from === undefined
    ? await readEntries(bus, { session, from: -NEWEST })
    : await readTranscriptPage(bus, { session, from });
}

/** Only the first open turn can have begun. */
async function readOpenTurns(bus: Bus, messages: readonly StoredMessage[]): Promise<OpenTurnView[]> {
  const views: OpenTurnView[] = [];
  for (const message of messages) {
    const begun = views.length === 0 || isEnded(views.at(-1));
    views.push(begun ? await readOpenTurn(bus, message) : { message, events: [], line: 0 });
  }
  return views;
}

async function readOpenTurn(bus: Bus, message: StoredMessage): Promise<OpenTurnView> {
  const events: SessionEvent[] = [];
  let line = 0;
  for await (const stretch of readStretches(bus, {
    session: message.session,
    turn: message.key,
    arrival: message.arrival,
  })) {
    events.push(...stretch.events);
    line = stretch.to;
  }
  return { message, events, line };
}

function isEnded(view: OpenTurnView | undefined): boolean {
  return view?.events.some((event) => event.type === "finished") ?? false;
}
