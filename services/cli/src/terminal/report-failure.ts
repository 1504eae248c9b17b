import { type ExitCode, exitCodes, Failure } from "../failure.ts";
import { createPaint } from "./paint.ts";
import type { Streams } from "./streams.ts";

/** How failures are told. */
export interface Telling {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly colours: boolean;
  readonly stderr: Streams["stderr"];
}

/** Tells a thrown value on standard error, as sentences or as a problem document, and answers with the exit code. */
export function reportFailure(thrown: unknown, telling: Telling): ExitCode {
  const failure = thrown instanceof Failure ? thrown : toBug(thrown);
  telling.stderr.write(telling.json ? `${JSON.stringify(failure.problem)}\n` : toSentences(failure, telling));
  return failure.exitCode;
}

function toSentences(failure: Failure, { verbose, colours, stderr }: Telling): string {
  const paint = createPaint({ isTerminal: stderr.isTTY ?? false, colours });
  const { code, status, correlation } = failure.problem;
  const lines = [`${paint.red(paint.symbol("✗"))}${paint.text(failure.message)}`];
  if (failure.remedy !== undefined) lines.push(paint.text(failure.remedy));
  if (verbose) {
    const facts = { code, status, correlation };
    const known = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
    lines.push(paint.dim(paint.text(known.join(", "))));
    if (failure.cause instanceof Error) lines.push(paint.dim(paint.text(failure.cause.stack ?? failure.cause.message)));
  }
  return `${lines.join("\n")}\n`;
}

function toBug(thrown: unknown): Failure {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure(`Something broke in this program: ${message}`, {
    exitCode: exitCodes.failed,
    code: "internal",
    title: "A bug in matrixos",
    remedy: "The same command with --verbose shows where.",
    cause: thrown,
  });
}
