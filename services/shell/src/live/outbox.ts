import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { z } from "zod";
import { readKept, keep } from "../state/kept-state.ts";
import { type Outgoing, setView, useSessions } from "../state/session-store.ts";
import { evolveSession, newSessionView } from "../state/session-view.ts";
import { noteOwnTurn } from "./own-turns.ts";
import { type Failure, toFailure } from "./failure.ts";
import { ask } from "./ask.ts";
import { call } from "./rest.ts";
import { showSession, watchSession } from "./sessions.ts";

const KEY = "outgoing";
const MAX_OUTGOING = 50;
/** A frame of the socket has a bound in bytes; longer texts go by a request. */
const MAX_FRAME_LENGTH = 12_000;
const TIMED_OUT_WAIT_MS = 2_000;
const keptOutgoing = z
  .array(z.object({ key: z.string(), session: z.string().optional(), text: z.string(), app: z.string().optional() }))
  .max(MAX_OUTGOING)
  .transform((list): Outgoing[] => list.map(({ key, session, text, app }) => ({ key, session, text, app })));

const inFlight = new Set<string>();
type Settle = (sent: { readonly session: string; readonly turn: string } | { readonly failure: Failure }) => void;
const waiting = new Map<string, Settle>();

/** What came of sending a message. */
export type Sent = Parameters<Settle>[0];

/**
 * Hands a message in and keeps it until the gateway has it, over lost connections and reloads; its key makes it one message.
 * Settles when the gateway has it or refuses it for good.
 */
export function sendText(text: string, session: string | undefined, app?: string): Promise<Sent> {
  const outgoing: Outgoing = { key: crypto.randomUUID(), session, text, app };
  setOutgoing((list) => [...list, outgoing].slice(-MAX_OUTGOING));
  return new Promise((resolve) => {
    waiting.set(outgoing.key, resolve);
    void trySend(outgoing);
  });
}

/** Tries again to send a message that was refused. */
export function resend(key: string): void {
  setOutgoing((list) =>
    list.map((one) => (one.key === key ? { key, session: one.session, text: one.text, app: one.app } : one)),
  );
  const outgoing = useSessions.getState().outgoing.find((one) => one.key === key);
  if (outgoing !== undefined) void trySend(outgoing);
}

/** Gives up a message that was not sent; returns its text. */
export function discard(key: string): string {
  const text = useSessions.getState().outgoing.find((one) => one.key === key)?.text ?? "";
  setOutgoing((list) => list.filter((one) => one.key !== key));
  return text;
}

/** Sends whatever waits: after the page was loaded and whenever the connection is back. */
export function sendOutgoing(): void {
  const { outgoing } = useSessions.getState();
  for (const one of outgoing) if (one.failure === undefined) void trySend(one);
}

/** Takes over what an earlier load of this tab could not send. */
export function restoreOutgoing(): void {
  const kept = readKept(KEY, keptOutgoing, globalThis.sessionStorage);
  if (kept !== undefined) useSessions.setState({ outgoing: kept });
}

async function trySend(outgoing: Outgoing): Promise<void> {
  const { key, text, session, app } = outgoing;
  if (inFlight.has(key)) return;
  inFlight.add(key);
  try {
    const about = { ...(session === undefined ? {} : { session }), ...(app === undefined ? {} : { app }) };
    const body = { text, idempotencyKey: key, ...about };
    const isLong = text.length > MAX_FRAME_LENGTH;
    const answer = isLong ? await call(sendMessageRoute, { body }) : await ask({ type: "send", ...body });
    if ("message" in answer) noteAccepted(outgoing, answer);
  } catch (thrown) {
    noteNotSent(key, toFailure(thrown));
  } finally {
    inFlight.delete(key);
  }
}

function noteAccepted(
  { key, session, text }: Outgoing,
  answer: { readonly session: string; readonly message: string },
): void {
  noteOwnTurn(answer.message);
  const { views } = useSessions.getState();
  const queued = { type: "queued" as const, message: answer.message, text, at: new Date().toISOString() };
  const view = views[answer.session] ?? (session === undefined ? newSessionView : undefined);
  // An event may have been faster than the answer: then the message is there already.
  if (view !== undefined) setView(answer.session, evolveSession(view, queued));
  setOutgoing((list) => list.filter((one) => one.key !== key));
  if (session === undefined) showNewSession(answer.session, views[answer.session] !== undefined);
  settle(key, { session: answer.session, turn: answer.message });
}

function showNewSession(session: string, isWatched: boolean): void {
  if (useSessions.getState().active === undefined) showSession(session);
  // Without a connection the next hello does it.
  if (!isWatched) void watchSession(session).catch(() => undefined);
}

/** Lost connections are waited for; a busy gateway is asked again; a refusal is the person's to decide on. */
function noteNotSent(key: string, failure: Failure): void {
  if (failure.code === "offline") return;
  if (failure.code === "timed-out") return void setTimeout(() => resend(key), TIMED_OUT_WAIT_MS);
  setOutgoing((list) => list.map((one) => (one.key === key ? { ...one, failure } : one)));
  if (failure.retryAfterMs === undefined) return settle(key, { failure });
  setTimeout(() => resend(key), failure.retryAfterMs);
}

function settle(key: string, sent: Sent): void {
  waiting.get(key)?.(sent);
  waiting.delete(key);
}

function setOutgoing(change: (list: readonly Outgoing[]) => readonly Outgoing[]): void {
  useSessions.setState(({ outgoing }) => ({ outgoing: change(outgoing) }));
  keep(KEY, useSessions.getState().outgoing, globalThis.sessionStorage);
}
