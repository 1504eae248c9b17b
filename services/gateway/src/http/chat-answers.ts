import type { ErrorBody } from "@matrix-os/contracts/errors";
import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { Usage } from "@matrix-os/contracts/turn/message";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type TailItem, followSession } from "../nats/session-tail.ts";
import { readEntries } from "../nats/turn-source.ts";
import { type AnswerText, createAnswerText } from "../openai/answer-text.ts";
import { type AnswerHead, toChunk, toCompletion, toUsageChunk } from "../openai/chat-answer.ts";
import { toOpenAiError } from "../openai/to-openai-error.ts";
import { type EventStream, openEventStream } from "./event-stream.ts";
import { onLoggedOut } from "./guard.ts";
import type { HttpDeps } from "./http-deps.ts";
import { sendProblem } from "./send-problem.ts";

/** After this long the answer begins even without text, so that no proxy gives up; failures come in the stream from then on. */
const BEGIN_WITHIN_MS = 10_000;
const LAST_TURN_ENTRIES = 4;

/** One chat completion under way. */
export interface Answering {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: HttpDeps;
  readonly head: AnswerHead;
  readonly turn: { readonly session: string; readonly message: string; readonly arrival: number };
}

type Finished = Extract<SessionEvent, { type: "finished" }>;

/** Waits for the turn and answers its text. A client that leaves does not stop it. */
export async function answerAtOnce(answering: Answering): Promise<FastifyReply> {
  const { reply, head } = answering;
  using left = watchClient(answering);
  for await (const item of followTurn(answering, left.signal)) {
    const finished = findFinished(item);
    if (finished === undefined) continue;
    if (finished.status !== "done") return await sendTurnFailure(answering, finished);
    return await reply.type("application/json").send(toCompletion(head, finished.text, await readUsage(answering)));
  }
  return await reply.hijack();
}

/** Streams the turn's texts as they come. Before the first of them a failure is still a status. */
export async function answerInParts(answering: Answering, withUsage: boolean): Promise<FastifyReply> {
  using left = watchClient(answering);
  const answer = createAnswerText();
  let stream: EventStream | undefined;
  const begin = () => (stream ??= beginStream(answering));
  const timer = setTimeout(begin, BEGIN_WITHIN_MS);
  try {
    for await (const item of followTurn(answering, left.signal)) {
      const finished = findFinished(item);
      if (finished !== undefined && finished.status !== "done") return await failInParts(answering, stream, finished);
      const text = addItem(answer, item);
      if (text !== "") say(begin(), toChunk(answering.head, { content: text }));
      if (finished !== undefined) return await endStream(answering, begin(), withUsage);
    }
    return await answering.reply.hijack();
  } finally {
    clearTimeout(timer);
  }
}

async function* followTurn({ deps, turn }: Answering, signal: AbortSignal): AsyncGenerator<TailItem> {
  const options = { session: turn.session, after: `${turn.arrival}.0`, signal };
  for await (const item of followSession({ bus: deps.bus, hub: deps.sessions }, options)) {
    if (item.kind === "delta" && item.delta.turn === turn.message) yield item;
    if (item.kind !== "events") continue;
    const events = item.events.filter((event) => event.turn === turn.message);
    if (events.length > 0) yield { ...item, events };
  }
}

function findFinished(item: TailItem): Finished | undefined {
  return item.kind === "events" ? item.events.find((event) => event.type === "finished") : undefined;
}

function addItem(answer: AnswerText, item: TailItem): string {
  if (item.kind === "delta") return answer.addDelta(item.delta);
  if (item.kind !== "events") return "";
  return item.events.map((event) => addEvent(answer, event)).join("");
}

function addEvent(answer: AnswerText, event: SessionEvent): string {
  if (event.type === "text") return answer.addText(event.step, event.text);
  return event.type === "finished" ? answer.finish(event.text) : "";
}

/** Aborted when the client leaves, is logged out, or the gateway drains. */
function watchClient({ request, reply, deps }: Answering): Disposable & { signal: AbortSignal } {
  const left = new AbortController();
  const leave = () => left.abort();
  const logOut = () => reply.raw.destroy();
  reply.raw.once("close", leave);
  deps.closing.addEventListener("abort", logOut, { once: true });
  const unlisten = onLoggedOut(request, deps, logOut);
  return {
    signal: left.signal,
    [Symbol.dispose]: () => {
      left.abort();
      unlisten();
      reply.raw.off("close", leave);
      deps.closing.removeEventListener("abort", logOut);
    },
  };
}

function beginStream({ reply, deps, head }: Answering): EventStream {
  const stream = openEventStream(reply, deps.closing);
  say(stream, toChunk(head, { role: "assistant", content: "" }));
  return stream;
}

async function endStream(answering: Answering, stream: EventStream, withUsage: boolean): Promise<FastifyReply> {
  say(stream, toChunk(answering.head, {}, "stop"));
  if (withUsage) say(stream, toUsageChunk(answering.head, await readUsage(answering)));
  stream.send({ data: "[DONE]" });
  stream.end();
  return answering.reply;
}

function failInParts(answering: Answering, stream: EventStream | undefined, finished: Finished): FastifyReply {
  if (stream === undefined) return sendTurnFailure(answering, finished);
  say(stream, { ...toOpenAiError(toTurnError(finished)) });
  stream.end();
  return answering.reply;
}

function say(stream: EventStream, chunk: Record<string, unknown>): void {
  stream.send({ data: JSON.stringify(chunk) });
}

function sendTurnFailure({ request, reply }: Answering, finished: Finished): FastifyReply {
  const body = toTurnError(finished);
  // Clients send a failed request again by themselves; this would be a new message each time.
  reply.header("x-should-retry", "false");
  return sendProblem({ status: body.kind === "unavailable" ? 503 : 502, body }, { request, reply });
}

function toTurnError({ status, error }: Finished): ErrorBody {
  if (error !== undefined) return error;
  if (status === "stopped") return { kind: "rejected", code: "stopped", message: "the turn was stopped" };
  return { kind: "broken", code: "internal", message: "the turn failed" };
}

async function readUsage({ deps, turn }: Answering): Promise<Usage | undefined> {
  const { entries } = await readEntries(deps.bus, { session: turn.session, from: -LAST_TURN_ENTRIES });
  return entries.findLast((entry) => entry.turn === turn.message && entry.usage !== undefined)?.usage;
}
