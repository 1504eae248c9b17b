import { randomUUID } from "node:crypto";
import { text as readText } from "node:stream/consumers";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { type QueueMode, queueMode } from "@matrix-os/contracts/turn/message";
import type { Cli } from "../cli.ts";
import { type ExitCode, exitCodes, usageFailure } from "../failure.ts";
import { type Begun, beginTurn, findEnd, FROM_THE_START, readCursor } from "../turn/begin-turn.ts";
import { chooseSession, type SessionChoice } from "../turn/choose-session.ts";
import { followTurn, toExitCode } from "../turn/follow-turn.ts";

/** What `send` was told. */
export interface SendInput extends SessionChoice {
  readonly words: readonly string[];
  readonly idempotencyKey?: string;
  readonly mode?: string;
  readonly wait: boolean;
  readonly quiet?: boolean;
}

/** Sends a message and shows its turn until it ends. */
export async function send(cli: Cli, input: SendInput): Promise<ExitCode> {
  const text = await readMessage(cli, input.words);
  const session = await chooseSession(cli, input);
  const after = session === undefined ? FROM_THE_START : await readCursor(cli, session);
  const key = input.idempotencyKey ?? randomUUID();
  const body = { text, idempotencyKey: key, ...(session === undefined ? {} : { session }), ...readMode(input.mode) };
  const begun = await beginTurn(() => cli.api.call(sendMessageRoute, { body }), after);
  showAccepted(cli, begun, input.wait);
  return input.wait ? showTurn(cli, begun, input) : exitCodes.done;
}

function showAccepted(cli: Cli, { session, message, duplicate }: Begun, willShow: boolean): void {
  if (cli.json) cli.terminal.write(`${JSON.stringify({ type: "accepted", session, message, duplicate })}\n`);
  else if (!willShow) cli.terminal.write(`Accepted. See the answer with: matrixos sessions show ${session}\n`);
}

async function showTurn(cli: Cli, begun: Begun, input: SendInput): Promise<ExitCode> {
  const end = begun.duplicate ? await findEnd(cli, begun) : undefined;
  if (end !== undefined) {
    cli.terminal.write(cli.json ? `${JSON.stringify(end)}\n` : toText(cli, end.text));
    return toExitCode(end);
  }
  const code = toExitCode(await followTurn(cli, { ...begun, quiet: input.quiet === true }));
  if (begun.after === FROM_THE_START && cli.terminal.isInteractive && !cli.json) {
    cli.terminal.note(cli.terminal.err.dim("To go on: matrixos send --continue …"));
  }
  return code;
}

function toText(cli: Cli, text: string): string {
  return text === "" ? "" : `${cli.terminal.out.text(text)}\n`;
}

function readMode(mode: string | undefined): { mode?: QueueMode } {
  if (mode === undefined) return {};
  const parsed = queueMode.safeParse(mode);
  if (parsed.success) return { mode: parsed.data };
  throw usageFailure(`There is no mode ${mode}.`, `Modes: ${queueMode.options.join(", ")}`);
}

async function readMessage(cli: Cli, words: readonly string[]): Promise<string> {
  const text = words.length === 1 && words[0] === "-" ? await readText(cli.streams.stdin) : words.join(" ");
  if (text.trim() === "")
    throw usageFailure("The message is empty.", 'For example: matrixos send "make me a habit tracker"');
  return text;
}
