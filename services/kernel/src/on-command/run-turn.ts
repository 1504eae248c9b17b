import type { AfterAck } from "@matrix-os/bus/work";
import { nextInputRequest } from "@matrix-os/contracts/dispatcher/next-input.request";
import { type OsError, toErrorBody, toOsError } from "@matrix-os/contracts/errors";
import { runTurnCommand } from "@matrix-os/contracts/kernel/run-turn.command";
import { turnFinishedEvent } from "@matrix-os/contracts/kernel/turn-finished.event";
import type { StoredMessage, TurnStatus } from "@matrix-os/contracts/turn/message";
import { failTurn } from "@matrix-os/turn/fail-turn";
import { type TurnOutcome, runTurn } from "@matrix-os/turn/run-turn";
import type { MessageContext } from "@matrix-os/bus/handled";
import type { z } from "zod";
import type { KernelDeps } from "../deps.ts";
import { toTurnDeps } from "./to-turn-deps.ts";

const RETRY_FOR_MS = 20_000;

/**
 * Works a session until it has no unfinished message. The un-acked doorbell is the session's lease; when it is acknowledged
 * the session is looked at once more, because a ring in between was taken for a repeat.
 */
export async function runTurns(
  command: z.infer<typeof runTurnCommand.body>,
  deps: KernelDeps,
  context: MessageContext,
): Promise<AfterAck | "abandoned"> {
  deps.worked.set(command.session, { othersMayJoin: false });
  try {
    return await workSession(command, deps, context);
  } finally {
    deps.worked.delete(command.session);
  }
}

async function workSession(
  command: z.infer<typeof runTurnCommand.body>,
  deps: KernelDeps,
  context: MessageContext,
): Promise<AfterAck | "abandoned"> {
  for (;;) {
    if (context.signal.aborted) return () => ringAgain(command.session, deps);
    const message = await nextInput(command.session, deps, context.signal);
    if (message === undefined) return () => lookOnceMore(command.session, deps, context.signal);
    const result = await runOne(message, deps, context.signal);
    if (result !== "finished") return result === "overtaken" ? "abandoned" : () => ringAgain(command.session, deps);
  }
}

async function nextInput(session: string, deps: KernelDeps, signal: AbortSignal): Promise<StoredMessage | undefined> {
  const next = await deps.bus.request(nextInputRequest, { session }, { retryForMs: RETRY_FOR_MS, signal });
  const worked = deps.worked.get(session);
  if (worked !== undefined && next.othersMayJoin === true) worked.othersMayJoin = true;
  return next.input;
}

/** A worker that drains, beside a dispatcher that may be gone already, leaves the look to the next worker. */
async function lookOnceMore(session: string, deps: KernelDeps, signal: AbortSignal): Promise<void> {
  const message = await nextInput(session, deps, signal).catch((error: unknown) => {
    if (signal.aborted) return "unknown";
    throw error;
  });
  if (message !== undefined) await ringAgain(session, deps);
}

async function ringAgain(session: string, deps: KernelDeps): Promise<void> {
  await deps.bus.command(runTurnCommand, session, { session });
}

type Ended = Pick<TurnOutcome, "error" | "joined"> & { readonly status: TurnStatus };
type Result = "finished" | "overtaken" | "let-go";

async function runOne(message: StoredMessage, deps: KernelDeps, letGo: AbortSignal): Promise<Result> {
  const stop = new AbortController();
  const running = { turn: message.key, stop };
  deps.running.set(message.session, running);
  try {
    const outcome = await runTurn(message, await toTurnDeps(message, deps, { stop: stop.signal, letGo }));
    // Asked anew what to do, the session has nothing until the owner answers.
    if (outcome.status !== "resting") announce(message, { ...outcome, status: outcome.status }, deps);
    return "finished";
  } catch (thrown) {
    return letGo.aborted ? "let-go" : await settle(message, deps, toOsError(thrown));
  } finally {
    if (deps.running.get(message.session) === running) deps.running.delete(message.session);
  }
}

/** A turn that can't go on for a reason of its own ends as failed; one that others hold up is left to a later try. */
async function settle(message: StoredMessage, deps: KernelDeps, error: OsError): Promise<Result> {
  if (error.code === "stale-epoch") return "overtaken";
  // Withdrawn, or answered by the turn that it joined, since it was handed out.
  if (error.code === "not-found" && error.field === "turn") return "finished";
  if (error.kind === "unavailable") throw error;
  deps.log.error({ err: error.cause ?? error, session: message.session, turn: message.key }, "turn can't go on");
  const { known, text } = deps.redactor;
  const body = { ...toErrorBody(error), message: text(toErrorBody(error).message) };
  await failTurn({ ...message, text: known(message.text) }, body, { bus: deps.bus, owner: deps.config.owner });
  announce(message, { status: "failed", error: body, joined: [] }, deps);
  return "finished";
}

function announce(message: StoredMessage, outcome: Ended, deps: KernelDeps): void {
  const { session, key: turn, arrival } = message;
  const { status, error, joined } = outcome;
  deps.log.info({ session, turn, status, ...(error === undefined ? {} : { code: error.code }) }, "turn finished");
  const body = {
    session,
    turn,
    arrival,
    status,
    ...(error === undefined ? {} : { error }),
    ...(joined.length === 0 ? {} : { joined: [...joined] }),
  };
  void deps.bus.publish(turnFinishedEvent, session, body).catch((failure: unknown) => {
    deps.log.warn({ err: failure, session, turn }, "turn-finished not published; the files have it");
  });
}
