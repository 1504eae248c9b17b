import { answerApprovalRoute, listApprovalsRoute } from "@matrix-os/contracts/api/approvals";
import type { PendingQuestion } from "@matrix-os/contracts/policy/question";
import { type Cli, showResult } from "../cli.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import { toMoment } from "../terminal/lines.ts";
import type { Paint } from "../terminal/paint.ts";

/** Shows what waits for the owner, word for word. */
export async function listApprovals(cli: Cli): Promise<ExitCode> {
  const page = await cli.api.call(listApprovalsRoute);
  showResult(cli, page, ({ approvals }) => toQuestions(approvals, cli.terminal.out, new Date()));
  return exitCodes.done;
}

/** Allows or denies one question, once. */
export async function answerApproval(cli: Cli, ask: string, verdict: "allow" | "deny"): Promise<ExitCode> {
  const answered = await cli.api.call(answerApprovalRoute, { params: { ask }, body: { verdict } });
  showResult(cli, answered, () => (verdict === "allow" ? "Allowed, this once.\n" : "Denied.\n"));
  return exitCodes.done;
}

/** Questions as text; what they quote is shown as it is, without control signs. */
export function toQuestions(approvals: readonly PendingQuestion[], paint: Paint, now: Date): string {
  if (approvals.length === 0) return "Nothing waits for you.\n";
  return approvals.map((one) => toQuestion(one, paint, now)).join("\n");
}

const marks = { same: " ", added: "+", removed: "-" } as const;

function toQuestion({ ask, words, taint, askedAt, expiresAt }: PendingQuestion, paint: Paint, now: Date): string {
  const about = taint.length === 0 ? [] : [`  Words of others are in this conversation: ${taint.join(", ")}`];
  const facts = words.facts.map(({ name, value }) => `  ${paint.name(name)}: ${paint.name(value)}`);
  const diff = (words.diff ?? []).map(({ kind, text }) => `  ${marks[kind]} ${paint.name(text)}`);
  const lines = [
    `${paint.name(ask)}  ${paint.yellow(paint.name(words.title))}`,
    `  ${paint.name(words.why)} Asked ${toMoment(askedAt, now)}, until ${toMoment(expiresAt, now)}.`,
    ...about,
    ...facts,
    ...diff,
  ];
  return `${lines.join("\n")}\n`;
}
