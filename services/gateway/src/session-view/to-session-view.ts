import type { Session, SessionMessage, SessionState, SessionSummary } from "@matrix-os/contracts/api/session";
import type { SessionInfo } from "@matrix-os/contracts/file/list-sessions.request";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { Step, StoredMessage, TranscriptEntry } from "@matrix-os/contracts/turn/message";
import { toCursorBehind } from "./place.ts";

/** An accepted message whose turn has not ended, with what its journal shows so far (nothing while it waits). */
export interface OpenTurnView {
  readonly message: StoredMessage;
  readonly events: readonly SessionEvent[];
  /** Lines of its journal. */
  readonly line: number;
}

/** A session as a list shows it; whether the open turn has begun is not looked up for lists. */
export function toSessionSummary(info: SessionInfo): SessionSummary {
  const state = info.open.length > 0 ? "running" : toRestingState(info.lastStatus);
  const { id, title, channel, createdAt, updatedAt, messageCount } = info;
  return { id, title, state, channel, createdAt, updatedAt, messageCount };
}

function toRestingState(lastStatus: SessionInfo["lastStatus"]): SessionState {
  return lastStatus === "failed" ? "failed" : "idle";
}

/** Everything a person sees of a session: finished messages, the running turn as far as it got, what waits behind it. */
export function toSessionView(parts: {
  readonly info: SessionInfo;
  readonly page: { readonly entries: readonly TranscriptEntry[]; readonly from: number; readonly total: number };
  readonly open: readonly OpenTurnView[];
}): Session {
  const { info, page } = parts;
  // A turn may end between the two looks at it: then its transcript is what counts. What joined another turn is shown there.
  const told = new Set(page.entries.map((entry) => entry.id));
  const joined = new Set(parts.open.flatMap(toJoined).map(({ id }) => id));
  const open = parts.open.filter(({ message: { key } }) => !told.has(`${key}.user`) && !joined.has(`${key}.user`));
  const cursor = toViewCursor(page.entries, open);
  return {
    id: info.id,
    title: info.title,
    state: toState(info, open, page.entries.at(-1)),
    messages: [...page.entries.map(toFinishedMessage), ...open.flatMap(toOpenMessages)],
    from: page.from,
    total: page.total,
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function toState(info: SessionInfo, open: readonly OpenTurnView[], newest: TranscriptEntry | undefined): SessionState {
  const first = open[0];
  if (first === undefined) return toRestingState(newest?.status ?? info.lastStatus);
  return first.line > 0 ? "running" : "queued";
}

function toViewCursor(entries: readonly TranscriptEntry[], open: readonly OpenTurnView[]): string | undefined {
  const begun = open.findLast((view) => view.line > 0);
  if (begun !== undefined) return `${begun.message.arrival}.${begun.line}`;
  const newest = entries.at(-1);
  if (newest !== undefined) return toCursorBehind(newest.arrival);
  const waiting = open[0];
  return waiting === undefined ? undefined : `${waiting.message.arrival}.0`;
}

function toFinishedMessage(entry: TranscriptEntry): SessionMessage {
  const { id, turn, role, text, steps, at, status, error } = entry;
  return {
    id,
    turn,
    role,
    text,
    steps,
    at,
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
  };
}

/** Messages that joined an open turn. */
function toJoined({ message, events }: OpenTurnView): Pick<SessionMessage, "id" | "text" | "at">[] {
  return events.flatMap((event) => (event.type === "message" && event.id !== `${message.key}.user` ? [event] : []));
}

function toOpenMessages(view: OpenTurnView): SessionMessage[] {
  const { message, events, line } = view;
  const turn = message.key;
  const status = line > 0 ? ("running" as const) : ("queued" as const);
  const asked = {
    id: `${turn}.user`,
    turn,
    role: "user" as const,
    text: message.text,
    steps: [],
    at: message.at,
    status,
  };
  if (line === 0) return [asked];
  const at = events.at(-1)?.at ?? message.at;
  return [
    asked,
    ...toJoined(view).map(({ id, text, at: joinedAt }) => ({ ...asked, id, text, at: joinedAt })),
    { id: `${turn}.assistant`, turn, role: "assistant", text: toText(events), steps: toSteps(events), at, status },
  ];
}

function toText(events: readonly SessionEvent[]): string {
  return events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("\n\n");
}

function toSteps(events: readonly SessionEvent[]): Step[] {
  const steps = new Map<string, Step>();
  for (const event of events) {
    if (event.type !== "step") continue;
    const { call, tool, label, state } = event;
    steps.set(call, { call, tool, label, state });
  }
  return [...steps.values()];
}
