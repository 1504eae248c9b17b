import { setTimeout as sleep } from "node:timers/promises";
import type { AcceptedMessage } from "@matrix-os/contracts/api/message";
import { readSessionRoute } from "@matrix-os/contracts/api/session";
import type { Cli } from "../cli.ts";
import { isRefusedConnection, isTemporary } from "../http/unreachable.ts";
import type { TurnPlace } from "./follow-turn.ts";
import type { Finished } from "./turn-event.ts";

/** The cursor before everything. */
export const FROM_THE_START = "0.0";
const ATTEMPTS = 5;
const DELAY_MS = 400;

/** A message that is kept, with the place from which its turn can be followed. */
export interface Begun extends TurnPlace {
  readonly duplicate: boolean;
}

/** The cursor of a session's newest event. Throws `not-found`. */
export async function readCursor(cli: Cli, session: string): Promise<string> {
  const { cursor } = await cli.api.call(readSessionRoute, { params: { session }, query: { from: -1 } });
  return cursor ?? FROM_THE_START;
}

/**
 * Hands a message in by `post`, which must mean the same message each time: when the connection breaks on the way it is sent
 * again. A message that was there before is followed from the start, as its turn may be long over.
 */
export async function beginTurn(post: () => Promise<AcceptedMessage>, after: string): Promise<Begun> {
  const accepted = await postAgain(post, ATTEMPTS);
  const place = accepted.duplicate ? FROM_THE_START : after;
  return { session: accepted.session, message: accepted.message, duplicate: accepted.duplicate, after: place };
}

/** The end of a turn that is over already, from the session's transcript; undefined while it is open. */
export async function findEnd(cli: Cli, { session, message }: TurnPlace): Promise<Finished | undefined> {
  const { messages } = await cli.api.call(readSessionRoute, { params: { session } });
  // A message may have joined the turn of another one.
  const own = messages.find(({ id }) => id === `${message}.user`)?.turn ?? message;
  const answer = messages.find(({ turn, role }) => turn === own && role === "assistant");
  const { status } = answer ?? {};
  if (answer === undefined || (status !== "done" && status !== "failed" && status !== "stopped")) return undefined;
  const { id, at, text, error } = answer;
  return {
    type: "finished",
    cursor: FROM_THE_START,
    session,
    turn: message,
    at,
    status,
    id,
    text,
    ...(error ? { error } : {}),
  };
}

async function postAgain(post: () => Promise<AcceptedMessage>, attempts: number): Promise<AcceptedMessage> {
  try {
    return await post();
  } catch (error) {
    const mayHaveArrived = isTemporary(error) && !isRefusedConnection(error) && error.problem.status === undefined;
    if (!mayHaveArrived || attempts <= 1) throw error;
    await sleep(DELAY_MS);
    return postAgain(post, attempts - 1);
  }
}
