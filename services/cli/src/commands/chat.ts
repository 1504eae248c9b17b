import { randomUUID } from "node:crypto";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { retrySessionRoute } from "@matrix-os/contracts/api/session";
import type { AcceptedMessage } from "@matrix-os/contracts/api/message";
import type { Cli } from "../cli.ts";
import { type ExitCode, exitCodes, Failure, usageFailure } from "../failure.ts";
import { createLineReader } from "../terminal/line-reader.ts";
import { reportFailure } from "../terminal/report-failure.ts";
import { beginTurn, FROM_THE_START, readCursor } from "../turn/begin-turn.ts";
import { chooseSession, type SessionChoice } from "../turn/choose-session.ts";
import { followTurn, toTurnFailure } from "../turn/follow-turn.ts";
import { reverse } from "./history.ts";
import { listSessions, showSession } from "./sessions.ts";

interface Talk {
  session: string | undefined;
  /** Where the next turn's events begin. */
  after: string;
}

const help = `  /new            begin a new session
  /sessions       list sessions
  /session ID     go on with one of them
  /retry          try the last turn again, if it failed
  /undo  /redo    take the newest change of your files back, or bring it back
  /quit           leave (also Ctrl-D, or Ctrl-C on an empty line)
  Ctrl-C stops a running turn. Pasted lines are one message.
`;

/** A conversation in the terminal. A failed turn or command is told and the conversation goes on. */
export async function chat(cli: Cli, choice: SessionChoice): Promise<ExitCode> {
  const session = await chooseSession(cli, choice);
  const talk: Talk = { session: undefined, after: FROM_THE_START };
  if (session !== undefined) await enterSession(cli, talk, session);
  using reader = createLineReader(cli.streams);
  if (cli.terminal.isInteractive && !cli.json)
    cli.terminal.note(cli.terminal.err.dim("/help shows what there is, Ctrl-D leaves."));
  const prompt = cli.terminal.out.bold("› ");
  for (;;) {
    const entered = await reader.next(prompt);
    if (entered.kind !== "text" || entered.text.trim() === "/quit") break;
    if (entered.text.trim() !== "") await answer(cli, talk, entered.text);
  }
  if (cli.terminal.isInteractive) cli.terminal.write("\n");
  return exitCodes.done;
}

async function answer(cli: Cli, talk: Talk, text: string): Promise<void> {
  try {
    if (text.startsWith("/")) await runCommand(cli, talk, text.trim());
    else await say(cli, talk, text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    reportFailure(error, { ...cli, colours: cli.config.colours, stderr: cli.streams.stderr });
  }
}

async function say(cli: Cli, talk: Talk, text: string): Promise<void> {
  const body = { text, idempotencyKey: randomUUID(), ...(talk.session === undefined ? {} : { session: talk.session }) };
  await runTurn(cli, talk, () => cli.api.call(sendMessageRoute, { body }));
}

async function runTurn(cli: Cli, talk: Talk, post: () => Promise<AcceptedMessage>): Promise<void> {
  const begun = await beginTurn(post, talk.after);
  talk.session = begun.session;
  const finished = await followTurn(cli, begun);
  if (finished !== undefined) talk.after = finished.cursor;
  if (finished?.status === "failed") throw toTurnFailure(finished, "Try again with: /retry");
}

async function runCommand(cli: Cli, talk: Talk, line: string): Promise<void> {
  const [name, argument] = line.split(/\s+/);
  switch (name) {
    case "/help":
      return cli.terminal.write(help);
    case "/new":
      talk.session = undefined;
      talk.after = FROM_THE_START;
      return cli.terminal.note("A new session begins with your next message.");
    case "/sessions":
      return void (await listSessions(cli, {}));
    case "/session":
      if (argument === undefined) throw usageFailure("Which session?", "/sessions lists them.");
      return enterSession(cli, talk, argument);
    case "/undo":
      return void (await reverse(cli, "undo", undefined));
    case "/redo":
      return void (await reverse(cli, "redo", undefined));
    case "/retry":
      return retryLast(cli, talk);
    default:
      throw usageFailure(`There is no ${name ?? ""}.`, "/help shows what there is.");
  }
}

async function retryLast(cli: Cli, talk: Talk): Promise<void> {
  const { session } = talk;
  if (session === undefined) throw usageFailure("Nothing was said in this session yet.");
  await runTurn(cli, talk, () => cli.api.call(retrySessionRoute, { params: { session } }));
}

async function enterSession(cli: Cli, talk: Talk, session: string): Promise<void> {
  talk.after = await readCursor(cli, session);
  talk.session = session;
  if (cli.terminal.isInteractive && !cli.json) await showSession(cli, session, { from: "-2" });
}
