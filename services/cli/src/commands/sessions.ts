import {
  listSessionsRoute,
  readSessionRoute,
  type Session,
  type SessionSummary,
} from "@matrix-os/contracts/api/session";
import { errorCodes } from "@matrix-os/contracts/errors";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { toMoment, toTable } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";
import { toStepLine } from "../terminal/turn-view.ts";

/** Lists sessions, the last changed first. */
export async function listSessions(cli: Cli, { limit }: { readonly limit?: string }): Promise<ExitCode> {
  const page = await cli.api.call(listSessionsRoute, { query: { limit } });
  showResult(cli, page, ({ sessions }) => toSessionTable(sessions, cli.terminal.out, new Date()));
  if (page.more && !cli.json)
    cli.terminal.note(cli.terminal.err.dim("There are more: matrixos sessions list --limit 200"));
  return exitCodes.done;
}

/** Shows the messages of a session, the newest page of a long one. */
export async function showSession(cli: Cli, session: string, { from }: { readonly from?: string }): Promise<ExitCode> {
  const read = await cli.api.call(readSessionRoute, { params: { session }, query: { from } });
  showResult(cli, read, () => toConversation(read, cli.terminal.out, new Date()));
  if (read.from > 0 && !cli.json) {
    cli.terminal.note(
      cli.terminal.err.dim(`${read.from} earlier messages: matrixos sessions show ${session} --from 0`),
    );
  }
  return exitCodes.done;
}

/** Sessions as a table, or a sentence when there are none. */
export function toSessionTable(sessions: readonly SessionSummary[], paint: Paint, now: Date): string {
  if (sessions.length === 0) return 'No sessions yet. Begin one with: matrixos send "make me a habit tracker"\n';
  return toTable(
    sessions.map(({ id, updatedAt, state, messageCount, title }) => [
      id,
      toMoment(updatedAt, now),
      state === "failed" ? paint.red(state) : state,
      `${messageCount} msg`,
      paint.name(title),
    ]),
  );
}

/** A session as a conversation to read. */
export function toConversation(session: Session, paint: Paint, now: Date): string {
  const parts = session.messages.map((message) => {
    const who = message.role === "user" ? paint.bold("you") : paint.bold(paint.cyan("matrix"));
    const steps = message.steps.map((step) => `${toStepLine(step, paint)}\n`).join("");
    const text = message.text === "" ? "" : `${paint.text(message.text).trimEnd()}\n`;
    return `${who} ${paint.dim(toMoment(message.at, now))}\n${steps}${text}${toEnding(message, paint)}`;
  });
  return `${paint.bold(paint.name(session.title))} ${paint.dim(session.id)}\n\n${parts.join("\n")}`;
}

function toEnding({ status, error, role }: Session["messages"][number], paint: Paint): string {
  if (status === "failed") return `${paint.red(`${paint.symbol("✗")}${errorCodes[error?.code ?? "internal"]}`)}\n`;
  if (status === undefined || status === "done") return "";
  return role === "user" && status !== "queued" ? "" : `${paint.dim(`(${status})`)}\n`;
}
