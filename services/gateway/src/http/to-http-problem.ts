import { type Problem, toProblemType } from "@matrix-os/contracts/api/problem";
import {
  type ErrorBody,
  type ErrorCode,
  OsError,
  errorCodes,
  rejected,
  toErrorBody,
  toOsError,
} from "@matrix-os/contracts/errors";

/** An error with a status that its code alone does not tell (404 of a route, 405, 412, 415). */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly error: OsError;

  constructor(status: number, error: OsError) {
    super(error.message, { cause: error });
    this.status = status;
    this.error = error;
  }
}

const statusByCode: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  unauthorized: 401,
  denied: 403,
  "not-found": 404,
  "already-exists": 409,
  conflict: 409,
  "stale-epoch": 409,
  "is-folder": 409,
  "not-a-folder": 409,
  "nothing-to-undo": 409,
  stopped: 409,
  "vault-locked": 409,
  "too-large": 413,
  "budget-spent": 429,
  busy: 503,
  "no-sandbox": 503,
  unreachable: 503,
  "not-set-up": 409,
  unreadable: 422,
  "disk-full": 503,
  "disk-failed": 503,
  "timed-out": 503,
  "no-responder": 503,
  "bus-down": 503,
  "model-unreachable": 503,
  "model-overloaded": 503,
  "model-refused": 502,
  "model-limit": 502,
  "model-garbled": 503,
  internal: 500,
};

const RETRY_AFTER_MS = 1_000;

/** A failed request: its status and what it answers. */
export interface HttpProblem {
  readonly status: number;
  readonly body: ErrorBody;
}

/** The status and the body of anything that was thrown; what is nobody's fault but ours says nothing about itself. */
export function toHttpProblem(thrown: unknown): HttpProblem {
  if (thrown instanceof HttpError) return { status: thrown.status, body: toErrorBody(thrown.error) };
  if (isFastifyError(thrown)) return fromFastifyError(thrown);
  const error = toOsError(thrown);
  const body = toErrorBody(error);
  if (error.kind === "broken") return { status: 500, body };
  const status = error.kind === "rejected" && error.code === "busy" ? 429 : statusByCode[error.code];
  const wait = error.kind === "unavailable" ? { retryAfterMs: body.retryAfterMs ?? RETRY_AFTER_MS } : {};
  return { status, body: { ...body, ...wait } };
}

/** The problem+json form. */
export function toProblemBody({ status, body }: HttpProblem): Problem {
  return {
    type: toProblemType(body.code),
    title: errorCodes[body.code],
    status,
    code: body.code,
    detail: body.message,
    ...(body.field === undefined ? {} : { field: body.field }),
    ...(body.retryAfterMs === undefined ? {} : { retryAfterMs: body.retryAfterMs }),
  };
}

interface FastifyFailure extends Error {
  readonly statusCode: number;
  readonly code?: string;
  readonly validation?: readonly { readonly instancePath?: string; readonly message?: string }[];
  readonly validationContext?: string;
}

function isFastifyError(thrown: unknown): thrown is FastifyFailure {
  return (
    thrown instanceof Error &&
    !(thrown instanceof OsError) &&
    "statusCode" in thrown &&
    typeof thrown.statusCode === "number"
  );
}

function fromFastifyError(error: FastifyFailure): HttpProblem {
  if (error.validation !== undefined) return { status: 400, body: toErrorBody(fromValidation(error)) };
  if (error.statusCode === 413)
    return toHttpProblem(rejected("too-large", "the body is over the limit", { field: "body" }));
  if (error.statusCode === 415) {
    return {
      status: 415,
      body: toErrorBody(rejected("invalid", "this media type is not understood here", { field: "content-type" })),
    };
  }
  if (error.statusCode >= 500) return { status: 500, body: toErrorBody(toOsError(error)) };
  const field = error.code === "FST_ERR_BAD_URL" ? "path" : "body";
  return { status: 400, body: toErrorBody(rejected("invalid", error.message, { field })) };
}

const contextNames: Readonly<Record<string, string>> = { querystring: "query", params: "path" };

function fromValidation(error: FastifyFailure): OsError {
  const issue = error.validation?.[0];
  const context = error.validationContext ?? "body";
  const field = (issue?.instancePath ?? "").split("/").filter(Boolean).join(".") || (contextNames[context] ?? context);
  return rejected("invalid", `${field}: ${issue?.message ?? "does not fit"}`, { field });
}
