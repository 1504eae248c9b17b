import type { IncomingHttpHeaders } from "node:http";
import { problem, type Problem } from "@matrix-os/contracts/api/problem";
import { type ExitCode, exitCodes, Failure } from "../failure.ts";

const remedies: Readonly<Partial<Record<Problem["code"], string>>> = {
  unauthorized:
    "This program sends the token of MATRIX_TOKEN, or of the file owner.token in MATRIX_STATE. Use the same MATRIX_STATE as `make start`, or unset MATRIX_TOKEN.",
  busy: "Wait a moment and try again.",
  "disk-full": "Free some space, then try again. Nothing was changed.",
  "disk-failed": "Look at the disk, then try again. Nothing was changed.",
  "timed-out": "See what is wrong with: matrixos doctor",
  "no-responder": "See what is wrong with: matrixos doctor",
  "bus-down": "See what is wrong with: matrixos doctor",
  internal: "See the reason with: matrixos logs --level error",
};

const PRECONDITION_FAILED = 412;

/** A refusal of the gateway as a sentence that names the field, with its remedy. An answer that is no problem document is told plainly. */
export function toFailure(status: number, headers: IncomingHttpHeaders, body: string): Failure {
  const told = parseProblem(body);
  const correlation = firstOf(headers["x-correlation-id"] ?? headers["mx-correlation"]);
  if (told === undefined) {
    return new Failure(`The gateway answered with status ${status}.`, {
      exitCode: toExitCode(status),
      status,
      code: `http-${status}`,
      correlation,
      remedy: status === 401 ? remedies.unauthorized : undefined,
    });
  }
  return new Failure(toSentence(told), {
    exitCode: toExitCode(status),
    title: told.title,
    status,
    code: told.code,
    field: told.field,
    retryAfterMs: told.retryAfterMs,
    correlation,
    remedy: status === PRECONDITION_FAILED ? "Look at it again, then repeat the change." : remedies[told.code],
  });
}

function parseProblem(body: string): Problem | undefined {
  try {
    return problem.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function toSentence({ code, detail, title, field }: Problem): string {
  if (code === "unauthorized") return "The gateway does not accept the token.";
  const words = detail || title;
  // Other refusals name the thing itself; only a value that does not fit needs its field.
  const named = code !== "invalid" || field === undefined || words.includes(field) ? words : `${field}: ${words}`;
  return /[.!?»]$/.test(named) ? named : `${named}.`;
}

function toExitCode(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  return status === 503 || status === 429 ? exitCodes.unavailable : exitCodes.failed;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
