/** Exit codes: sysexits.h where it has one, 130 as shells count an interrupt. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 64,
  unavailable: 69,
  notAllowed: 77,
  stopped: 130,
} as const;

/** An exit code of this program. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What `--json` prints of a failure: a problem document (RFC 9457). */
export interface Problem {
  readonly title: string;
  readonly status?: number | undefined;
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
  readonly correlation?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** What the person can do now. */
  readonly remedy?: string | undefined;
}

interface FailureDetail extends Partial<Omit<Problem, "detail">> {
  readonly exitCode: ExitCode;
  readonly cause?: unknown;
}

/** Why a command could not do its work: a sentence for a person, what they can do, and the exit code. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: ExitCode;
  readonly remedy: string | undefined;
  readonly problem: Problem;

  constructor(sentence: string, detail: FailureDetail) {
    super(sentence, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.exitCode = detail.exitCode;
    this.remedy = detail.remedy;
    this.problem = {
      title: detail.title ?? "The command failed",
      status: detail.status,
      code: detail.code ?? "failed",
      detail: sentence,
      field: detail.field,
      correlation: detail.correlation,
      retryAfterMs: detail.retryAfterMs,
      remedy: detail.remedy,
    };
  }
}

/** A command line that can't be understood. */
export function usageFailure(sentence: string, remedy?: string): Failure {
  return new Failure(sentence, {
    exitCode: exitCodes.usage,
    code: "usage",
    title: "The command line can't be understood",
    remedy,
  });
}
