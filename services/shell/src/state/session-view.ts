import type { Session, SessionMessage } from "@matrix-os/contracts/api/session";
import type { ErrorBody } from "@matrix-os/contracts/errors";
import { type SessionEvent, compareCursors } from "@matrix-os/contracts/shell/session-event";
import type { Step } from "@matrix-os/contracts/turn/message";

/** Something that happened on the way to an answer: a tool call, or what the model said before one. */
export type Activity =
  | { readonly kind: "tool"; readonly step: Step }
  | { readonly kind: "note"; readonly text: string };

/** Text as the model writes it, until the durable text replaces it. */
export interface Draft {
  readonly step: number;
  readonly number: number;
  readonly text: string;
}

/** A message as the chat shows it. */
export interface ChatMessage {
  readonly id: string;
  readonly turn: string;
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly at: string;
  readonly status: "queued" | "running" | "done" | "failed" | "stopped";
  readonly activity: readonly Activity[];
  readonly draft?: Draft | undefined;
  readonly error?: ErrorBody | undefined;
  /** Which attempt at the model runs, when the first one failed. */
  readonly attempt?: number | undefined;
}

/** A session as far as this browser has seen it. */
export interface SessionView {
  readonly messages: readonly ChatMessage[];
  /** Everything up to here is in `messages`; earlier events are repeats. */
  readonly cursor: string | undefined;
  /** How many older finished messages were not loaded. */
  readonly earlier: number;
}

/** What arrives about a session over the socket. */
export type SessionNews =
  | { readonly type: "event"; readonly event: SessionEvent }
  | { readonly type: "queued"; readonly message: string; readonly text: string; readonly at: string }
  | {
      readonly type: "delta";
      readonly turn: string;
      readonly step: number;
      readonly number: number;
      readonly text: string;
    };

/** A session that begins now: every event of it is still to come. */
export const newSessionView: SessionView = { messages: [], cursor: "0.0", earlier: 0 };

/** The view of a session as the gateway read it. */
export function toSessionView(session: Session): SessionView {
  return { messages: session.messages.map(toChatMessage), cursor: session.cursor, earlier: session.from };
}

/** Older finished messages put before those that are there. */
export function withEarlier(view: SessionView, page: Session): SessionView {
  const known = new Set(view.messages.map(({ id }) => id));
  const older = page.messages.filter(({ id }) => !known.has(id)).map(toChatMessage);
  return { ...view, messages: [...older, ...view.messages], earlier: page.from };
}

/** The view after news. Repeats change nothing; the same events give the same view in every browser. */
export function evolveSession(view: SessionView, news: SessionNews): SessionView {
  switch (news.type) {
    case "event":
      return evolveByEvent(view, news.event);
    case "queued":
      return view.messages.some(({ turn }) => turn === news.message)
        ? view
        : { ...view, messages: [...view.messages, toUserMessage({ ...news, turn: news.message }, "queued")] };
    case "delta":
      return changeAnswer(view, news.turn, (answer) => ({ ...answer, draft: addToDraft(answer.draft, news) }));
    default:
      return news satisfies never;
  }
}

function evolveByEvent(view: SessionView, event: SessionEvent): SessionView {
  if (view.cursor !== undefined && compareCursors(event.cursor, view.cursor) <= 0) return view;
  const seen = { ...view, cursor: event.cursor };
  switch (event.type) {
    case "message":
      return event.id === `${event.turn}.user` ? beginTurn(seen, event) : joinTurn(seen, event);
    case "text":
      return changeAnswer(seen, event.turn, (answer) => ({
        ...withNote(answer),
        text: event.text,
        draft: undefined,
        attempt: undefined,
      }));
    case "step":
      return changeAnswer(seen, event.turn, (answer) => withStep(withNote(answer), event));
    case "ask":
    case "answered":
      // Questions stand in a store of their own: they are the system's, not the conversation's.
      return seen;
    case "retry":
      return changeAnswer(seen, event.turn, (answer) => ({ ...answer, draft: undefined, attempt: event.attempt + 1 }));
    case "notice":
      return changeAnswer(seen, event.turn, (answer) => ({
        ...answer,
        activity: [...answer.activity, { kind: "note", text: event.message }],
      }));
    case "finished":
      return finishTurn(seen, event);
    default:
      return event satisfies never;
  }
}

function beginTurn(view: SessionView, event: Extract<SessionEvent, { type: "message" }>): SessionView {
  const { turn, at } = event;
  const others = view.messages.filter((message) => message.turn !== turn);
  // What waits stays last.
  const waiting = others.filter(({ status }) => status === "queued");
  const answer: ChatMessage = {
    id: `${turn}.assistant`,
    turn,
    role: "assistant",
    text: "",
    at,
    status: "running",
    activity: [],
  };
  const before = others.filter(({ status }) => status !== "queued");
  return { ...view, messages: [...before, toUserMessage(event, "running"), answer, ...waiting] };
}

/** A message that waited has joined the running turn: it stands before the answer that it helps to make. */
function joinTurn(view: SessionView, event: Extract<SessionEvent, { type: "message" }>): SessionView {
  const { id, turn } = event;
  const others = view.messages.filter((message) => message.id !== id);
  const at = others.findIndex((message) => message.turn === turn && message.role === "assistant");
  const place = at === -1 ? others.length : at;
  const joined = { ...toUserMessage(event, "running"), id };
  return { ...view, messages: [...others.slice(0, place), joined, ...others.slice(place)] };
}

function finishTurn(view: SessionView, event: Extract<SessionEvent, { type: "finished" }>): SessionView {
  const { turn, status, text, error, at } = event;
  const answered = view.messages.some((message) => message.turn === turn && message.role === "assistant");
  const messages = answered ? view.messages : [...view.messages, toEmptyAnswer(turn, at)];
  return {
    ...view,
    messages: messages.map((message) => {
      if (message.turn !== turn) return message;
      if (message.role === "user") return { ...message, status: "done" };
      const activity = message.activity.filter((item) => item.kind === "tool" || item.text !== text);
      return { ...message, status, text, error, activity, draft: undefined, attempt: undefined };
    }),
  };
}

/** What was said before a further step is a remark on the way, not the answer. */
function withNote(answer: ChatMessage): ChatMessage {
  if (answer.text === "") return answer;
  return { ...answer, text: "", activity: [...answer.activity, { kind: "note", text: answer.text }] };
}

function withStep(answer: ChatMessage, { call, tool, label, state }: Step): ChatMessage {
  const step = { kind: "tool" as const, step: { call, tool, label, state } };
  const known = answer.activity.some((item) => item.kind === "tool" && item.step.call === call);
  const activity = known
    ? answer.activity.map((item) => (item.kind === "tool" && item.step.call === call ? step : item))
    : [...answer.activity, step];
  return { ...answer, activity, draft: undefined, attempt: undefined };
}

function addToDraft(draft: Draft | undefined, delta: Draft): Draft {
  const { step, number, text } = delta;
  if (draft === undefined || step > draft.step || number === 0) return { step, number, text };
  if (step < draft.step || number <= draft.number) return draft;
  return { step, number, text: draft.text + text };
}

function changeAnswer(view: SessionView, turn: string, change: (answer: ChatMessage) => ChatMessage): SessionView {
  const messages = view.messages.map((message) =>
    message.turn === turn && message.role === "assistant" && message.status === "running" ? change(message) : message,
  );
  return { ...view, messages };
}

function toChatMessage(message: SessionMessage): ChatMessage {
  const { id, turn, role, text, at, steps, error } = message;
  const activity = steps.map((step) => ({ kind: "tool" as const, step }));
  return { id, turn, role, text, at, status: message.status ?? "done", activity, error };
}

function toUserMessage(
  from: { readonly turn: string; readonly text: string; readonly at: string },
  status: "queued" | "running",
): ChatMessage {
  const { turn, text, at } = from;
  return { id: `${turn}.user`, turn, role: "user", text, at, status, activity: [] };
}

function toEmptyAnswer(turn: string, at: string): ChatMessage {
  return { id: `${turn}.assistant`, turn, role: "assistant", text: "", at, status: "running", activity: [] };
}
