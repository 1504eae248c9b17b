import { stopSessionRoute } from "@matrix-os/contracts/api/session";
import { errorCodes } from "@matrix-os/contracts/errors";
import type { Cli } from "../cli.ts";
import { type ExitCode, exitCodes, Failure } from "../failure.ts";
import { isTemporary } from "../http/unreachable.ts";
import { watchSession } from "../http/watch-session.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import type { Paint } from "../terminal/paint.ts";
import { createTurnView } from "../terminal/turn-view.ts";
import type { Finished, TurnEvent } from "./turn-event.ts";

/** One turn, and the place in its session after which its events come. */
export interface TurnPlace {
  readonly session: string;
  readonly message: string;
  readonly after: string;
  /** Show only the final text. */
  readonly quiet?: boolean;
}

/**
 * Shows a turn until it ends. Ctrl-C asks the gateway to stop it and waits for its end; a second Ctrl-C leaves at once
 * (undefined). With `--json` every event is a line.
 */
export async function followTurn(cli: Cli, place: TurnPlace): Promise<Finished | undefined> {
  const leaving = new AbortController();
  using _interrupt = onInterrupt((count) => {
    if (count > 1) leaving.abort();
    else void stopTurn(cli, place.session);
  });
  try {
    const finished = await showEvents(cli, place, leaving.signal);
    if (finished.status === "stopped" && !cli.json) cli.terminal.note(cli.terminal.err.dim("(stopped)"));
    return finished;
  } catch (error) {
    if (leaving.signal.aborted) return undefined;
    throw isTemporary(error) ? toPatienceFailure(place.session, error) : error;
  } finally {
    cli.terminal.status("");
  }
}

/** The exit code of a turn's end; a failed turn is told as a `Failure` with the way to try again. */
export function toExitCode(finished: Finished | undefined): ExitCode {
  if (finished === undefined || finished.status === "stopped") return exitCodes.stopped;
  if (finished.status === "done") return exitCodes.done;
  throw toTurnFailure(finished, `Try again with: matrixos retry ${finished.session}`);
}

/** Why a turn failed, in a sentence; `remedy` tells how to try again. */
export function toTurnFailure({ error }: Finished, remedy: string): Failure {
  const code = error?.code ?? "internal";
  const detail = error === undefined || error.message === errorCodes[code] ? "" : ` (${error.message})`;
  return new Failure(`${errorCodes[code]}${detail}`, {
    exitCode: exitCodes.failed,
    title: "The turn failed",
    code,
    field: error?.field,
    retryAfterMs: error?.retryAfterMs,
    remedy,
  });
}

async function showEvents(cli: Cli, place: TurnPlace, signal: AbortSignal): Promise<Finished> {
  const { terminal } = cli;
  const screen = createScreen(cli, place.quiet === true);
  const onReconnect = (): void => {
    const lineBreak = terminal.isInteractive && !screen.isAtLineStart() ? "\n" : "";
    terminal.note(lineBreak + terminal.err.dim("reconnecting…"));
  };
  screen.wait("thinking…");
  let turn = place.message;
  for await (const event of watchSession(cli.api, {
    session: place.session,
    after: place.after,
    signal,
    onReconnect,
  })) {
    if (event.type === "message" && event.id === `${place.message}.user`) turn = event.turn;
    if (event.turn !== turn) {
      screen.wait("an earlier message is being answered first…");
      continue;
    }
    screen.show(event);
    if (event.type === "finished") return event;
    screen.wait("thinking…");
  }
  throw new Error("the events of a session never end");
}

interface Screen {
  readonly show: (event: TurnEvent) => void;
  readonly wait: (word: string) => void;
  readonly isAtLineStart: () => boolean;
}

function createScreen({ json, terminal }: Cli, quiet: boolean): Screen {
  const view = createTurnView(terminal.out);
  if (json) {
    const show = (event: TurnEvent): void => terminal.write(`${JSON.stringify(event)}\n`);
    return { show, wait: () => undefined, isAtLineStart: () => true };
  }
  const wait = (word: string): void => {
    if (view.isAtLineStart()) terminal.status(word);
  };
  const show = (event: TurnEvent): void => terminal.write(view.show(event));
  return {
    show: quiet ? (event) => terminal.write(toFinalText(event, terminal.out)) : show,
    wait,
    isAtLineStart: view.isAtLineStart,
  };
}

function toFinalText(event: TurnEvent, paint: Paint): string {
  return event.type === "finished" && event.text !== "" ? `${paint.text(event.text)}\n` : "";
}

function toPatienceFailure(session: string, cause: Failure): Failure {
  return new Failure("Matrix OS has been away for a minute. Your message is kept and will be answered.", {
    ...cause.problem,
    exitCode: exitCodes.unavailable,
    remedy: `When it runs again, see the answer with: matrixos sessions show ${session}`,
    cause,
  });
}

async function stopTurn(cli: Cli, session: string): Promise<void> {
  cli.terminal.note(cli.terminal.err.dim("stopping… (Ctrl-C again: leave at once)"));
  try {
    await cli.api.call(stopSessionRoute, { params: { session } });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    cli.terminal.note(`It could not be stopped: ${cli.terminal.err.text(reason)}`);
  }
}
